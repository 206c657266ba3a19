//! What the window's jobs call, on the real machine: looking, testing, explaining, and the text for the helpdesk.

mod certificate;
mod installing;
mod keys;
mod providers;
mod resetting;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use authlight_core::claude_code::sign_in::Trouble;
use authlight_core::explain::{Explanation, Meaning};
use authlight_core::fixes::Shows;
use authlight_core::fixes::reset::Part;
use authlight_core::message::{Argument, Message, Words as _};
use authlight_core::reading::Reading;
use authlight_core::report::{Instance, Live, Provider, Report, StageRow};
use authlight_core::secret::Secret;
use authlight_core::what_if::Difference;

use crate::act::change::preview::{Preview, Shown};
use crate::act::change::transaction::Occasion;
use crate::act::change::undo::{self, NoPrograms, UndoError};
use crate::act::change::{Entry, Store, StoreError, recover};
use crate::act::jobs::Engine;
use crate::act::repair::{self, Ended, OwnHands, Prepared};
use crate::act::sign_in::{self, Attempt, Ended as SignInEnded, PATIENCE, SignInEvent, settled, terminal_plan};
use crate::act::watch::{EVERY, Watch};
use crate::cli::{self, Examine, examined, explained};
use crate::contexts::{self, AskShell, ShellSaid};
use crate::examination::{Examination, Trial};
use crate::live;
use crate::machine::once::Once;
use crate::machine::os::Disk;
use crate::machine::scan::begin;
use crate::machine::session;
use crate::machine::{self, Machine};
use crate::matrix::table::{TableRequest, TableRow};
use crate::matrix::{self, Asked, Row};
use crate::own_shell;
use crate::report_out::redaction::LeakPass;
use crate::report_out::{Format, compose};
use crate::state::walkthrough::certificate::{CertificateAsked, CertificateSeen, RootText};
use crate::state::walkthrough::install::WayOffers;
use crate::state::walkthrough::key::{GitTold, KeyAnswer, KeyHandedOver, KeyTaken, KeyTest, PutOffer};
use crate::state::walkthrough::provider::{
    NotTaken, ProviderAsked, ProviderEnd, ProviderForm, ProviderPlan, ProviderTest,
};
use crate::state::walkthrough::{Cell, ResetAsked, ResetPlan};
use crate::state::{
    ChangeRow, Changes, Consent, Context, ExplanationText, IfChanged, MeaningText, PlanText, ProjectEntry, RepairAsked,
    RepairEnd, ScanRequest, ShellUse, SignInRequest, StepText, StopFlag, TestRequest, UndoEnd,
};
use crate::what_if;
use crate::words::Language;
use authlight_core::snapshot::Examined;

/// How many looks are kept, to be asked what would be without something: the report on the screen, and those under way.
const MOST_KEPT: usize = 3;

/// A look, and what it began with.
struct Looked {
    examinations: [Examination; 1],
    started: [Examined; 1],
    context: Context,
}

/// How long a test may take from the first stage to the last.
const TEST_TIME: Duration = Duration::from_secs(30);

/// As many rows of the table are told in one piece: a frame is drawn for each.
const ROWS_AT_ONCE: usize = 250;

/// The disk, and what is looked for on it.
type Ground = Result<(Disk, Examined), cli::Trouble>;

/// Looks at what the arguments name, as often as it is asked to.
pub struct Inspector {
    examine: Examine,
    ground: LazyLock<Ground, Box<dyn FnOnce() -> Ground + Send>>,
    /// Read when the first job speaks: the window does not wait for it.
    words: LazyLock<Language>,
    /// Every secret that was met since the start: no text that leaves may hold any of them.
    secrets: Mutex<Vec<Secret>>,
    /// The latest looks, the last one first.
    latest: Mutex<Vec<Arc<Looked>>>,
    /// What the person's shell said last: it is not run again unless somebody asks.
    shell_said: Mutex<Option<ShellSaid>>,
    /// The plan that is on the screen, and the look that it was made of.
    planned: Mutex<Option<Planned>>,
    /// The same of a reset.
    planned_reset: Mutex<Option<resetting::PlannedReset>>,
    /// The new key that was taken in, until another one is.
    key_in_hand: Mutex<Option<keys::KeyInHand>>,
    /// The set-up of a provider that is on the screen.
    planned_provider: Mutex<Option<Arc<providers::PlannedProvider>>>,
    /// The certificate that was looked at, until another one is.
    certificate_in_hand: Mutex<Option<certificate::CertificateInHand>>,
    /// Where changes are written down; none: where the account that runs us keeps them.
    store: Option<PathBuf>,
    /// Done before the first look: what an earlier start left unfinished.
    recovered: OnceLock<()>,
}

/// A plan that is on the screen.
struct Planned {
    asked: RepairAsked,
    occasion: Occasion,
    prepared: Prepared,
    looked: Arc<Looked>,
}

impl Inspector {
    /// For what the arguments name. Where they name nothing, no file is opened before the first job.
    ///
    /// # Errors
    /// Where they do not fit together.
    pub fn new(examine: Examine) -> Result<Self, cli::Trouble> {
        let named = examine.clone();
        let find: Box<dyn FnOnce() -> Ground + Send> = if examine == Examine::default() {
            Box::new(move || examined::examined(&named))
        } else {
            let ground = examined::examined(&named)?;
            Box::new(move || Ok(ground))
        };
        let words = LazyLock::new(Language::english as fn() -> Language);
        Ok(Self {
            examine,
            ground: LazyLock::new(find),
            words,
            secrets: Mutex::default(),
            latest: Mutex::default(),
            shell_said: Mutex::default(),
            planned: Mutex::default(),
            planned_reset: Mutex::default(),
            key_in_hand: Mutex::default(),
            planned_provider: Mutex::default(),
            certificate_in_hand: Mutex::default(),
            store: None,
            recovered: OnceLock::new(),
        })
    }

    /// Writes changes down in this folder: those of a practice home are nobody's own.
    #[must_use]
    pub fn keeping_changes_in(self, folder: PathBuf) -> Self {
        Self { store: Some(folder), ..self }
    }

    fn store(&self) -> Result<Store, StoreError> {
        self.store.clone().map_or_else(Store::own, |folder| Ok(Store::in_folder(folder)))
    }

    /// Finishes what an earlier start left unfinished; what came of it stands in the list of changes.
    fn recover(&self) {
        self.recovered.get_or_init(|| {
            if let Ok(store) = self.store() {
                let _told_by_the_list = recover(&store, &NoPrograms);
            }
        });
    }

    /// A look at what a repair would bring about, or has. What the shell said before says nothing of that.
    fn look_after(&self, machine: &dyn Machine, asked: &RepairAsked, shows: Shows) -> Examination {
        self.look_statically(machine, asked.project.as_deref(), asked.context, shows)
    }

    fn look_statically(
        &self,
        machine: &dyn Machine,
        project: Option<&Path>,
        context: Context,
        shows: Shows,
    ) -> Examination {
        let context = if shows == Shows::Here { context } else { Context::NewTerminal };
        contexts::examine(machine, self.examined(project), context, contexts::STATICALLY)
    }

    fn ground(&self) -> &(Disk, Examined) {
        match &*self.ground {
            Ok(ground) => ground,
            // Without arguments there is nothing that could not fit. Were it otherwise, the job would break off, which
            // the window says: another computer than the one that was meant must not be shown.
            Err(_) => std::panic::resume_unwind(Box::new("the arguments do not fit together")),
        }
    }

    fn disk(&self) -> &Disk {
        &self.ground().0
    }

    fn subject(&self) -> &Examined {
        &self.ground().1
    }

    /// The project that the arguments name, as seen from inside; none where they name none.
    pub fn named_project(&self) -> Option<PathBuf> {
        if self.examine.project.is_empty() { None } else { self.subject().project.as_ref().map(PathBuf::from) }
    }

    fn words(&self) -> &Language {
        &self.words
    }

    /// What is examined now, in this folder.
    fn examined(&self, project: Option<&Path>) -> Examined {
        let project = project.map(|project| self.inside(&project.to_string_lossy()));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Examined {
            now_ms: i64::try_from(now.as_millis()).unwrap_or(i64::MAX),
            project,
            own: examined::is_own(&self.examine),
            ..self.subject().clone()
        }
    }

    /// A path as it was chosen or typed, as seen from inside: `~` is the person's home.
    fn inside(&self, path: &str) -> String {
        let Examined { platform, home, .. } = self.subject();
        match path.strip_prefix('~') {
            Some("") => home.clone(),
            Some(rest) if rest.starts_with(['/', '\\']) => platform.join(home, rest.trim_start_matches(['/', '\\'])),
            _ if self.examine.root.is_some() => self.disk().inside(Path::new(path)).unwrap_or_else(|| path.to_owned()),
            _ => platform.join(home, path),
        }
    }

    /// What was given for the environment is examined first; of the running system what a new terminal has.
    fn first_context(&self) -> Context {
        let given = self.examine.env_file.is_some().then_some(Context::Process);
        self.examine.context.or(given).unwrap_or(Context::NewTerminal)
    }

    fn look(&self, machine: &dyn Machine, project: Option<&Path>, context: Context, ask: AskShell<'_>) -> Arc<Looked> {
        let started = self.examined(project);
        let examination = contexts::examine(machine, started.clone(), context, ask);
        self.hold_secrets(&examination);
        Arc::new(Looked { examinations: [examination], started: [started], context })
    }

    /// Keeps a look whose report goes to the screen.
    fn keep(&self, looked: &Arc<Looked>) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.truncate(MOST_KEPT - 1);
        latest.insert(0, Arc::clone(looked));
    }

    /// The report of a look, with the command that would ask the person's shell.
    fn report(&self, examination: &Examination, live: &Live, command: Option<&str>) -> Report {
        let mut report = examination.report(live, self.words());
        report.run.shell_command = report.run.shell_command.or_else(|| command.map(str::to_owned));
        report
    }

    fn hold_secrets(&self, examination: &Examination) {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        for secret in examination.secrets() {
            if !secrets.iter().any(|known| known.same_as(&secret)) {
                secrets.push(secret);
            }
        }
    }

    /// What a program printed, without anything that is or looks like a secret.
    fn washed(&self, trouble: Trouble) -> Trouble {
        let Trouble::Other(said) = trouble else { return trouble };
        let pass = LeakPass::new(&self.secrets.lock().unwrap_or_else(PoisonError::into_inner));
        Trouble::Other(sign_in::washed(&said, &pass))
    }

    /// The folders in the state file, the one that was used last first.
    fn folders(&self) -> Vec<String> {
        let (snapshot, _, config) = begin(self.disk(), self.examined(None));
        let Some(projects) = snapshot.state.json().and_then(|json| json.root().get("projects")) else {
            return Vec::new();
        };
        let sessions = snapshot.examined.platform.join(&config, "projects");
        let mut folders: Vec<(Option<i64>, String)> = projects
            .effective_members()
            .iter()
            .map(|member| member.name().into_owned())
            .filter(|folder| self.is_asked_for(folder) || matches!(self.disk().list(folder), Reading::Found(_)))
            .map(|folder| (self.last_used_ms(&sessions, &folder), folder))
            .collect();
        // Of folders whose last use is not known, the one that came last into the file goes first.
        folders.reverse();
        folders.sort_by_key(|(used, _)| std::cmp::Reverse(*used));
        folders.into_iter().map(|(_, folder)| folder).collect()
    }

    /// Whether the system would ask the person before this folder is opened.
    fn is_asked_for(&self, folder: &str) -> bool {
        let Examined { platform, home, .. } = self.subject();
        authlight_core::projects::is_asked_for(*platform, home, folder)
    }

    /// When a session in this folder was last begun. Claude Code keeps them in a folder that is named after it, with
    /// a `-` for whatever is no letter and no digit.
    fn last_used_ms(&self, sessions: &str, folder: &str) -> Option<i64> {
        let name: String = folder.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let facts = self.disk().facts(&self.subject().platform.join(sessions, &name));
        facts.found().and_then(|facts| facts.modified_ms)
    }

    /// A path as it is shown: below the home as `~/…`.
    fn shown(&self, path: &str) -> String {
        match path.strip_prefix(&self.subject().home) {
            Some(rest) if rest.starts_with(['/', '\\']) && !self.subject().home.is_empty() => format!("~{rest}"),
            _ => path.to_owned(),
        }
    }
}

impl Inspector {
    /// A path of the machine that we run on, which the journal names, as it is shown; what is none stays as it is.
    fn shown_from_outside(&self, place: &str) -> String {
        let path = Path::new(place);
        let inside = self.examine.root.as_ref().filter(|_| path.is_absolute()).and_then(|_| self.disk().inside(path));
        self.shown(inside.as_deref().unwrap_or(place))
    }
}

impl Engine for Inspector {
    fn contexts(&self) -> Vec<Context> {
        let first = self.first_context();
        let mut contexts = vec![Context::NewTerminal, Context::Desktop, Context::Process];
        contexts.sort_by_key(|context| *context != first);
        contexts
    }

    fn scan(&self, request: &ScanRequest, progress: &mut dyn FnMut(Report)) -> Report {
        self.recover();
        let command = own_shell::command(&self.examined(None));
        // What files say and what the shell says are told one after the other, of the same open programs.
        let machine = Once::of(self.disk());
        let report = |ask: AskShell<'_>| {
            let looked = self.look(&machine, request.project.as_deref(), request.context, ask);
            self.keep(&looked);
            self.report(&looked.examinations[0], &Live::default(), command.as_deref())
        };
        let known = || self.shell_said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match request.shell {
            _ if request.context != Context::NewTerminal => report(contexts::STATICALLY),
            ShellUse::FilesOnly => report(contexts::STATICALLY),
            ShellUse::Known if known().is_some() => report(&|_, _| known()),
            ShellUse::Known | ShellUse::Again => {
                if command.is_some() {
                    // A shell may take its time, or hang: what its files say is there at once.
                    progress(report(contexts::STATICALLY));
                }
                let stop = request.stop.shared();
                report(&|examined, base| {
                    let said = own_shell::ask(examined, base, &stop);
                    // Nothing is said where it was called off: what was said before still holds.
                    if said.is_some() {
                        self.shell_said.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&said);
                    }
                    said
                })
            }
        }
    }

    fn test(&self, request: &TestRequest, progress: &mut dyn FnMut(Report)) -> Result<Report, Vec<Consent>> {
        let known = || self.shell_said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let ask: AskShell<'_> = if request.files_only { contexts::STATICALLY } else { &|_, _| known() };
        let looked = self.look(&Once::of(self.disk()), request.project.as_deref(), request.context, ask);
        let [examination] = &looked.examinations;
        let outside = |path: &str| self.disk().outside(path);
        // Of what would be sent now, not of what an earlier report says.
        let needed = examination.audience(&outside).map(|audience| live::asked_for(&audience)).unwrap_or_default();
        if needed.iter().any(|consent| !request.consents.contains(consent)) {
            return Err(needed);
        }
        self.keep(&looked);
        let command = own_shell::command(&self.examined(None));
        let mut so_far = Live::default();
        let mut show = |row: &StageRow| {
            so_far.stages.push(row.clone());
            progress(self.report(examination, &so_far, command.as_deref()));
        };
        let stop = request.stop.shared();
        let trial = Trial {
            outside: &outside,
            consents: &request.consents,
            deadline: TEST_TIME,
            cancel: &stop,
            run: &session::run,
        };
        let live = examination.test(&trial, &mut show);
        Ok(self.report(examination, &live.unwrap_or_default(), command.as_deref()))
    }

    fn table(&self, request: &TableRequest, told: &mut dyn FnMut(Vec<TableRow>)) {
        let inside = |folder: &Path| self.inside(&folder.to_string_lossy());
        let asked = Asked {
            started: self.examined(None),
            folder: request.project.as_deref().map(inside),
            context: request.context,
            folders: request.folders.iter().map(|folder| inside(folder)).collect(),
            may_open: request.may_open,
        };
        let (mut rows, mut first) = (Vec::new(), true);
        let known = || self.shell_said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let ask: AskShell<'_> = if request.files_only { contexts::STATICALLY } else { &|_, _| known() };
        matrix::fill(self.disk(), &asked, ask, &request.stop.shared(), &mut |Row { folder, cells }| {
            let name = folder.as_deref().map(|folder| self.shown(folder)).unwrap_or_default();
            rows.push(TableRow { folder: folder.map(PathBuf::from), name, cells });
            if std::mem::take(&mut first) || rows.len() == ROWS_AT_ONCE {
                told(std::mem::take(&mut rows));
            }
        });
        told(rows);
    }

    fn sign_in(&self, request: &SignInRequest, told: &mut dyn FnMut(SignInEvent)) -> SignInEnded {
        let known = || self.shell_said.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let ask: AskShell<'_> = if request.files_only { contexts::STATICALLY } else { &|_, _| known() };
        let look = || self.look(&Once::of(self.disk()), request.project.as_deref(), request.context, ask);
        let before = look();
        let [was] = &before.examinations;
        let own = match sign_in::own_program(was, &|path| self.disk().outside(path)) {
            Ok(own) => own,
            Err(ended) => return ended,
        };
        let call = request.call.clone().unwrap_or_else(|| sign_in::asked_for(was));
        let host = &was.snapshot.examined.host;
        if sign_in::is_in_terminal(request.place, host) {
            return SignInEnded::InTerminal(Box::new(terminal_plan(&own, &call, was.snapshot.examined.platform, host)));
        }
        let Some(helper) = machine::console_program() else { return SignInEnded::NotRun(String::new()) };
        let cancel = request.stop.shared();
        let attempt = Attempt { own: &own, call: &call, patience: PATIENCE, helper: &helper, cancel: &cancel };
        match sign_in::sign_in(&attempt, told) {
            Ok(()) => {
                told(SignInEvent::Checking);
                SignInEnded::SignedIn(settled(was, &look().examinations[0], call.account))
            }
            Err(SignInEnded::Failed(trouble)) => SignInEnded::Failed(self.washed(trouble)),
            Err(ended) => ended,
        }
    }

    fn watch(&self, stop: &StopFlag, changed: &mut dyn FnMut(ShellUse)) {
        let mut watch = Watch::default();
        while !stop.is_stopped() {
            let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner).first().cloned();
            if let Some(looked) = latest {
                let [examination] = &looked.examinations;
                watch.follow(examination.run_id(), &examination.snapshot);
            }
            if let Some(shell) = watch.changed(self.disk()) {
                changed(shell);
            }
            std::thread::sleep(EVERY);
        }
    }

    fn explain(&self, text: &str) -> ExplanationText {
        let explanation = explained(text, self.words());
        let headline = headline(&explanation, self.words());
        let meaning = |meaning: Meaning| MeaningText {
            when: meaning.when.text().to_owned(),
            to_do: meaning.to_do.text().to_owned(),
            cause: meaning.cause,
            code: Some(meaning.code.into_owned()),
        };
        let meanings = explanation.meanings.into_iter().map(meaning).collect();
        ExplanationText { recognised: explanation.recognised, headline, meanings }
    }

    fn what_if(&self, run: &str, instance: &Instance) -> Option<Vec<String>> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let looked = latest.into_iter().find(|looked| looked.examinations[0].run_id() == run)?;
        let Looked { examinations, started, context } = &*looked;
        let names = [instance.0.clone()];
        let Ok(without) = what_if::without(self.disk(), examinations, started, *context, &names) else {
            return Some(vec![self.words().text("what-if-cannot")]);
        };
        let after = without.first()?;
        self.hold_secrets(after);
        // The test has no part in it: it was made once.
        let report = |examination: &Examination| examination.report(&Live::default(), self.words());
        let difference = Difference::between(&report(&examinations[0]), &report(after));
        Some(difference.sentences().iter().map(|sentence| self.words().say(sentence)).collect())
    }

    fn helpdesk_text(&self, report: &Report) -> Option<String> {
        let pass = LeakPass::new(&self.secrets.lock().unwrap_or_else(PoisonError::into_inner));
        let released = compose(report.clone(), Format::Text, self.words(), &pass).ok()?;
        Some(released.as_str().to_owned())
    }

    fn plan_repair(&self, asked: &RepairAsked) -> Result<PlanText, String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let occasion = repair::occasion(&asked.fix, i64::try_from(now.as_millis()).unwrap_or(i64::MAX));
        // What was before and what will be are told by the same: by files.
        let looked = self.look(self.disk(), asked.project.as_deref(), asked.context, contexts::STATICALLY);
        let [examination] = &looked.examinations;
        let prepared = repair::prepare(
            &asked.fix,
            Some(&asked.at.0),
            self.disk(),
            examination,
            &|machine: &dyn Machine, shows| self.look_after(machine, asked, shows),
            &occasion.change,
        );
        let prepared = prepared.map_err(|error| error.to_string())?;
        let text = plan_text(&prepared, &occasion.change, self.words(), &|path| self.shown(path));
        let planned = Planned { asked: asked.clone(), occasion, prepared, looked };
        *self.planned.lock().unwrap_or_else(PoisonError::into_inner) = Some(planned);
        Ok(text)
    }

    fn repair(&self, token: &str) -> RepairEnd {
        let planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner).take();
        let gone = || RepairEnd::Failed(self.words().text("repair-plan-gone"));
        let Some(Planned { asked, occasion, prepared, looked }) = planned.filter(|plan| plan.occasion.change == token)
        else {
            return gone();
        };
        let store = match self.store() {
            Ok(store) => store,
            Err(error) => return RepairEnd::Failed(error.to_string()),
        };
        let [examination] = &looked.examinations;
        let cancel = AtomicBool::new(false);
        let hands = OwnHands { examination, disk: self.disk(), cancel: &cancel };
        let look = |shows| self.look_after(self.disk(), &asked, shows);
        match prepared.carry_out(&store, &hands, &occasion, &look) {
            Ok(Ended::Healed(receipt)) => {
                let undoable = prepared.plan.irreversible().next().is_none();
                RepairEnd::Healed { change: receipt.change, undoable }
            }
            Ok(Ended::NotHealed { receipt, still, new }) => {
                let still = still.then(|| self.words().text("repair-still"));
                let new = new.iter().map(|found| self.words().say(&found.text));
                RepairEnd::NotHealed { change: receipt.change, sentences: still.into_iter().chain(new).collect() }
            }
            Err(error) => RepairEnd::Failed(error.to_string()),
        }
    }

    fn put_places(&self, cell: &Cell) -> Vec<PutOffer> {
        self.offered_places(cell)
    }

    fn take_key(&self, given: &KeyHandedOver) -> Result<KeyTaken, String> {
        self.take_key_in(given)
    }

    fn test_key(&self, test: &KeyTest) -> Result<KeyAnswer, Vec<Consent>> {
        self.test_key_in_hand(test)
    }

    fn find_in_git(&self, token: &str, stop: &StopFlag) -> Option<GitTold> {
        self.look_through_git(token, stop)
    }

    fn plan_key(&self, token: &str, leave: &[String], approve: bool) -> Result<PlanText, String> {
        self.plan_of_key(token, leave, approve)
    }

    fn write_key(&self, token: &str) -> RepairEnd {
        self.write_key_in_hand(token)
    }

    fn provider_form(&self, cell: &Cell, provider: Provider) -> Option<ProviderForm> {
        self.form_of_provider(cell, provider)
    }

    fn prepare_provider(&self, asked: &ProviderAsked) -> Result<ProviderPlan, Vec<NotTaken>> {
        self.plan_of_provider(asked)
    }

    fn test_provider(&self, test: &ProviderTest) -> Result<KeyAnswer, Vec<Consent>> {
        self.test_planned_provider(test)
    }

    fn set_provider_up(&self, test: &ProviderTest) -> ProviderEnd {
        self.carry_out_provider(test)
    }

    fn ways_to_install(&self, cell: &Cell, ask_node: bool, stop: &StopFlag) -> WayOffers {
        self.offered_ways(cell, ask_node, stop)
    }

    fn ask_status(&self, cell: &Cell, stop: &StopFlag) -> String {
        self.status_of_own_claude(cell, stop)
    }

    fn seek_certificate(&self, asked: &CertificateAsked) -> Result<CertificateSeen, Vec<Consent>> {
        self.look_at_certificate(asked)
    }

    fn find_root(&self, token: &str, file: Option<&Path>) -> Result<RootText, String> {
        self.root_for_certificate(token, file)
    }

    fn plan_certificate(&self, token: &str) -> Result<PlanText, String> {
        self.plan_of_certificate(token)
    }

    fn set_certificate(&self, token: &str) -> RepairEnd {
        self.set_certificate_in_hand(token)
    }

    fn plan_reset(&self, asked: &ResetAsked) -> Result<ResetPlan, String> {
        self.plan_of_reset(asked)
    }

    fn reset(&self, token: &str, parts: &[Part]) -> RepairEnd {
        self.carry_out_reset(token, parts)
    }

    fn old_logins(&self, cell: &Cell) -> Vec<String> {
        self.find_old_logins(cell)
    }

    fn delete_old_logins(&self, cell: &Cell, paths: &[String]) -> Result<(), String> {
        self.delete_found_logins(cell, paths)
    }

    fn undo(&self, change: &str, if_changed: IfChanged) -> UndoEnd {
        let store = match self.store() {
            Ok(store) => store,
            Err(error) => return UndoEnd::Failed(error.to_string()),
        };
        match undo::undo(&store, &NoPrograms, Some(change), if_changed) {
            Ok((_, left)) => {
                UndoEnd::Done(left.iter().map(|path| self.shown_from_outside(&path.to_string_lossy())).collect())
            }
            Err(UndoError::ChangedSince { path, by: None }) => UndoEnd::ChangedSince {
                change: change.to_owned(),
                path: self.shown_from_outside(&path.to_string_lossy()),
            },
            Err(error) => UndoEnd::Failed(error.to_string()),
        }
    }

    fn changes(&self) -> Changes {
        let Ok(store) = self.store() else { return Changes::default() };
        let changes = store.changes().unwrap_or_default();
        let rows = changes.iter().rev().map(|(recorded, state)| ChangeRow {
            change: recorded.change.clone(),
            when: recorded.utc.clone(),
            what: self.words().text(recorded.what.replace(['.', '_'], "-")),
            places: recorded
                .steps
                .iter()
                .filter_map(Entry::place)
                .map(|place| self.shown_from_outside(&place))
                .collect(),
            state: self.words().text(state.key()),
            undoable: state.is_undoable() && !recorded.steps.iter().any(|step| matches!(step, Entry::Ran { .. })),
        });
        Changes { rows: rows.collect(), backups: store.size_of_backups() }
    }

    fn delete_backups(&self) {
        if let Ok(store) = self.store() {
            // What is left of them is told by the list that follows.
            let _told_by_the_list = store.delete_backups(None);
        }
    }

    fn projects(&self) -> Vec<ProjectEntry> {
        let entry = |path: String| ProjectEntry { name: self.shown(&path), path: PathBuf::from(path) };
        self.folders().into_iter().map(entry).collect()
    }
}

/// A plan in words. `shown` tells how a path is shown.
fn plan_text(prepared: &Prepared, token: &str, words: &Language, shown: &dyn Fn(&str) -> String) -> PlanText {
    let [title, does, lost] = repair::words_of(prepared.fix);
    PlanText {
        token: token.to_owned(),
        title: words.say(&title),
        does: words.say(&does),
        lost: words.knows(&lost.key).then(|| words.say(&lost)),
        steps: steps_text(&prepared.preview, words, shown),
        undoable: prepared.plan.changes_something() && prepared.plan.irreversible().next().is_none(),
        afterwards: prepared.uncovers.iter().map(|found| words.say(&found.text)).collect(),
        useless: prepared.stays,
        by_hand: !prepared.plan.changes_something(),
    }
}

/// The steps of a plan in words.
fn steps_text(preview: &Preview, words: &Language, shown: &dyn Fn(&str) -> String) -> Vec<StepText> {
    let as_elsewhere = |what: &Message| {
        let mut what = what.clone();
        for (name, argument) in &mut what.args {
            if let ("path", Argument::Text(path)) = (&**name, &*argument) {
                *argument = Argument::Text(shown(path));
            }
        }
        words.say(&what)
    };
    let step = |shown: &Shown| StepText {
        what: as_elsewhere(&shown.what),
        lines: shown
            .lines
            .iter()
            .map(|line| {
                (line.added, words.text_with("plan-line", &[("number", line.number.into())]), line.text.clone())
            })
            .collect(),
        command: shown.command.clone(),
        for_good: !shown.reversible,
    };
    preview.steps.iter().map(step).collect()
}

/// What was recognised, in one sentence.
fn headline(explanation: &Explanation, words: &Language) -> String {
    if let Some(note) = &explanation.note {
        return note.text().to_owned();
    }
    match (&explanation.phrase, explanation.recognised) {
        (Some(phrase), _) => words.text_with("explained-phrase", &[("phrase", phrase.as_ref().into())]),
        (None, true) => words.text("explained-code"),
        (None, false) => words.text("explained-not"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A home that is laid out for a test, examined with an empty environment.
    struct Home(tempfile::TempDir);

    impl Home {
        fn with(files: &[(&str, &str)]) -> Self {
            let root = tempfile::tempdir().unwrap();
            fs::create_dir_all(root.path().join("home/kim")).unwrap();
            fs::write(root.path().join("environment"), "").unwrap();
            for (path, text) in files {
                let path = root.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            Self(root)
        }

        fn inspector(&self) -> Inspector {
            let examine = Examine {
                home: Some(self.0.path().join("home/kim")),
                root: Some(self.0.path().to_owned()),
                os: Some(crate::cli::System::Linux),
                env_file: Some(self.0.path().join("environment")),
                ..Examine::default()
            };
            Inspector::new(examine).unwrap()
        }
    }

    fn scanned(inspector: &Inspector, project: &str) -> Report {
        let request = ScanRequest { project: Some(project.into()), ..ScanRequest::default() };
        inspector.scan(&request, &mut |_| {})
    }

    #[test]
    fn the_last_project_is_the_one_with_the_newest_session_and_still_there() {
        let projects =
            r#"{"projects": {"/home/kim/shop": {}, "/home/kim/blog": {}, "/home/kim/new": {}, "/gone": {}}}"#;
        let home = Home::with(&[
            ("home/kim/.claude.json", projects),
            ("home/kim/shop/a", ""),
            ("home/kim/blog/a", ""),
            ("home/kim/new/a", ""),
            ("home/kim/.claude/projects/-home-kim-blog/a.jsonl", ""),
            ("home/kim/.claude/projects/-gone/a.jsonl", ""),
            ("home/kim/.claude/settings.json", r#"{"env": {"ANTHROPIC_AUTH_TOKEN": "four plain words CANARY1"}}"#),
        ]);
        let inspector = home.inspector();
        let names: Vec<_> = inspector.projects().into_iter().map(|project| project.name).collect();
        assert_eq!(names, ["~/blog", "~/new", "~/shop"]);
        assert_eq!(inspector.secrets.lock().unwrap().len(), 0, "for this nothing but the state file is read");
    }

    #[test]
    fn a_row_is_told_for_every_folder_the_chosen_one_first_and_each_once() {
        let address = r#"{"env": {"ANTHROPIC_AUTH_TOKEN": "four plain words CANARY1"}}"#;
        let trust =
            r#"{"hasCompletedOnboarding": true, "projects": {"/home/kim/shop": {"hasTrustDialogAccepted": true}}}"#;
        let home = Home::with(&[
            ("home/kim/.claude.json", trust),
            ("home/kim/shop/.claude/settings.json", address),
            ("home/kim/blog/a", ""),
        ]);
        let request = TableRequest {
            project: Some("~/blog".into()),
            folders: vec!["/home/kim/shop".into(), "~/blog".into()],
            ..TableRequest::default()
        };
        let mut pieces = Vec::new();
        home.inspector().table(&request, &mut |rows| pieces.push(rows));
        assert_eq!(pieces[0].len(), 1, "the chosen folder does not wait for the others");
        let rows = pieces.concat();
        let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["~/blog", "~/shop"]);
        let because = rows[1].cells[2].because.as_ref().unwrap();
        assert!(because.args.contains(&("path", "~/shop/.claude/settings.json".into())), "{because:?}");
        assert!(rows[0].cells.iter().all(|cell| cell.signs_in.is_empty() && cell.because.is_none()));
    }

    #[test]
    fn a_typed_folder_may_begin_at_the_home() {
        let home = Home::with(&[("home/kim/shop/.claude/settings.json", "{}")]);
        let inspector = home.inspector();
        let outside = home.0.path().join("home/kim/shop");
        for typed in ["~/shop", "/home/kim/shop", &outside.to_string_lossy()] {
            assert_eq!(scanned(&inspector, typed).run.project.as_deref(), Some("~/shop"), "{typed}");
        }
    }

    #[test]
    fn the_window_asks_for_what_would_be_withheld() {
        let key = ["sk-ant-", "api03-CANARY1-0123456789-0123456789-0123456789-x7Qa"].concat();
        let settings = format!(r#"{{"env": {{"ANTHROPIC_AUTH_TOKEN": "{key}"}}}}"#);
        let project = r#"{"env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:1", "HTTP_PROXY": "http://p.example"}}"#;
        let home = Home::with(&[
            (
                "home/kim/.claude.json",
                r#"{"hasCompletedOnboarding": true, "theme": "dark", "projects": {"/home/kim/shop": {"hasTrustDialogAccepted": true}}}"#,
            ),
            ("home/kim/.claude/settings.json", &settings),
            ("home/kim/shop/.claude/settings.json", project),
        ]);
        let request = TestRequest { project: Some("~/shop".into()), ..TestRequest::default() };
        let host = || "127.0.0.1:1".to_owned();
        let asked = home.inspector().test(&request, &mut |_| panic!("nothing is tested yet"));
        assert_eq!(
            asked.err(),
            Some(vec![Consent::ProjectEndpoint { host: host() }, Consent::PlainHttp { host: host() }])
        );
    }

    #[test]
    fn the_text_for_the_helpdesk_carries_no_end_of_a_key() {
        let key = ["sk-ant-", "api03-CANARY1-0123456789-0123456789-0123456789-x7Qa"].concat();
        let settings = format!(r#"{{"env": {{"ANTHROPIC_API_KEY": "{key}"}}}}"#);
        let home = Home::with(&[("home/kim/.claude/settings.json", &settings)]);
        let inspector = home.inspector();
        let report = scanned(&inspector, "~");
        assert!(report.ladder.iter().any(|rung| rung.masked.is_some()), "the window shows the end of the key");
        let text = inspector.helpdesk_text(&report).unwrap();
        assert!(text.contains(&report.verdict.check_code) && text.contains("ANTHROPIC_API_KEY"), "{text}");
        assert!(!text.contains("CANARY1") && !text.contains("x7Qa"), "{text}");
    }

    #[test]
    fn a_report_that_would_carry_a_secret_is_held_back() {
        let secret = "four plain words CANARY2";
        let token = format!(r#"{{"claudeAiOauth": {{"accessToken": "{secret}"}}}}"#);
        let home = Home::with(&[("home/kim/.claude/.credentials.json", &token)]);
        let inspector = home.inspector();
        let mut report = scanned(&inspector, "~");
        assert!(inspector.helpdesk_text(&report).is_some());
        report.verdict.headline = authlight_core::message::Message::new(format!("It says {secret}."));
        assert_eq!(inspector.helpdesk_text(&report), None);
    }

    #[test]
    fn a_login_file_that_was_set_aside_goes_once_a_new_login_works_and_nothing_of_others() {
        let later = i64::MAX / 4;
        let token = ["sk-ant-", "oat01-CANARY1"].concat();
        let login = format!(
            r#"{{"claudeAiOauth": {{"accessToken": "{token}", "refreshToken": "{token}", "expiresAt": {later}, "scopes": ["user:inference"]}}}}"#
        );
        let old = "home/kim/.claude/.credentials.json.set-aside-20261124T021658Z-ab12";
        let others = "home/kim/.claude/.credentials.json.set-aside-mine";
        let state = ("home/kim/.claude.json", r#"{"hasCompletedOnboarding": true, "theme": "dark"}"#);
        let home = Home::with(&[state, (old, &login), (others, &login)]);
        let cell = Cell::default();
        assert_eq!(home.inspector().find_old_logins(&cell), Vec::<String>::new(), "no new login works yet");
        assert!(home.inspector().delete_found_logins(&cell, &[old.replace("home/kim", "~")]).is_err());
        fs::write(home.0.path().join("home/kim/.claude/.credentials.json"), &login).unwrap();
        let found = home.inspector().find_old_logins(&cell);
        assert_eq!(found, ["~/.claude/.credentials.json.set-aside-20261124T021658Z-ab12"]);
        home.inspector().delete_found_logins(&cell, &found).unwrap();
        let there = |path: &str| home.0.path().join(path).exists();
        assert!(!there(old) && there(others) && there("home/kim/.claude/.credentials.json"));
    }

    #[test]
    fn what_would_be_is_said_of_the_report_that_was_asked() {
        let settings = format!(r#"{{"env": {{"ANTHROPIC_API_KEY": "{}"}}}}"#, ["sk-ant-", "api03-CANARY1"].concat());
        let home = Home::with(&[("home/kim/.claude/settings.json", &settings)]);
        let inspector = home.inspector();
        let report = scanned(&inspector, "~");
        fs::write(home.0.path().join("home/kim/.claude/settings.json"), "{}").unwrap();
        let key = Instance("settings:user:ANTHROPIC_API_KEY".to_owned());
        let said = inspector.what_if(&report.run.id, &key).unwrap();
        assert_eq!(said[0], "Nobody is signed in on this computer (AL-2-01).");
        let other = Instance("process_env:ANTHROPIC_API_KEY".to_owned());
        assert!(inspector.what_if(&report.run.id, &other).unwrap()[0].starts_with("This cannot be left out"));
        assert_eq!(inspector.what_if("another run", &key), None);
    }

    #[test]
    fn a_message_is_explained_in_words() {
        let inspector = Home::with(&[]).inspector();
        let known = inspector.explain("API Error: 401 invalid x-api-key");
        assert!(known.recognised && !known.headline.is_empty(), "{known:?}");
        assert!(known.meanings.iter().all(|meaning| meaning.when.contains(' ') && meaning.to_do.contains(' ')));
        let unknown = inspector.explain("the cat sat on the mat");
        assert!(!unknown.recognised && unknown.meanings.is_empty() && unknown.headline.contains(' '));
    }
}
