//! Jobs: named threads, one inbox, the newest generation wins, a waker for whoever draws.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use authlight_core::fixes::reset::Part;
use authlight_core::report::{Instance, Provider, Report};

use crate::act::sign_in::{Ended, SignInEvent};
use crate::matrix::table::{TableRequest, TableRow};
use crate::state::walkthrough::certificate::{CertificateAsked, CertificateNews, CertificateSeen, RootText};
use crate::state::walkthrough::install::{InstallNews, WayOffers};
use crate::state::walkthrough::key::{GitTold, KeyAnswer, KeyHandedOver, KeyNews, KeyTaken, KeyTest, PutOffer};
use crate::state::walkthrough::provider::{
    NotTaken, ProviderAsked, ProviderEnd, ProviderForm, ProviderNews, ProviderPlan, ProviderTest,
};
use crate::state::walkthrough::{Cell, ResetAsked, ResetPlan};
use crate::state::{
    Action, Changes, Consent, Context, Effect, ExplanationText, IfChanged, JobKind, PlanText, ProjectEntry,
    RepairAsked, RepairEnd, RepairStage, ScanRequest, ShellUse, SignInRequest, StopFlag, TestRequest, UndoEnd,
};

/// What the jobs call: the machine, the judge and the live test behind one door. Every answer is in words already.
pub trait Engine: Send + Sync + 'static {
    /// Whose environment can be examined here, in the order of the screen; the first is what is examined unless
    /// something else is asked for.
    fn contexts(&self) -> Vec<Context>;
    /// Looks. `progress` takes partial reports: the same shape, with the causes that are judged so far.
    fn scan(&self, request: &ScanRequest, progress: &mut dyn FnMut(Report)) -> Report;
    /// Tests, and judges again. `progress` takes reports with the stages so far.
    ///
    /// # Errors
    /// What the person has to agree to first. Nothing was sent.
    fn test(&self, request: &TestRequest, progress: &mut dyn FnMut(Report)) -> Result<Report, Vec<Consent>>;
    /// Finds what signs in for every folder and context. `told` takes the rows as they come, the chosen folder's first.
    fn table(&self, request: &TableRequest, told: &mut dyn FnMut(Vec<TableRow>));
    /// What a message means.
    fn explain(&self, text: &str) -> ExplanationText;
    /// What would be different without this, in sentences, had the report of this run been made without it. Nothing is
    /// changed. None: what that report was made of is no longer there.
    fn what_if(&self, run: &str, instance: &Instance) -> Option<Vec<String>>;
    /// Signs in with the person's own Claude Code, in the surroundings of a cell. `told` takes what happens meanwhile.
    fn sign_in(&self, request: &SignInRequest, told: &mut dyn FnMut(SignInEvent)) -> Ended;
    /// Watches the files of the latest look until it is stopped. `changed` takes how the shell is to be asked now.
    fn watch(&self, stop: &StopFlag, changed: &mut dyn FnMut(ShellUse));
    /// The report as text for somebody who is not at this machine. None: it would have carried a secret.
    fn helpdesk_text(&self, report: &Report) -> Option<String>;
    /// The plan of a repair, or why there is none. Nothing is changed.
    fn plan_repair(&self, asked: &RepairAsked) -> Result<PlanText, String>;
    /// Carries out the plan with this token.
    fn repair(&self, token: &str) -> RepairEnd;
    /// Where a key can be put.
    fn put_places(&self, cell: &Cell) -> Vec<PutOffer>;
    /// Takes a new key in, or says why not. It is kept until another one is taken in.
    fn take_key(&self, given: &KeyHandedOver) -> Result<KeyTaken, String>;
    /// Tests a key.
    ///
    /// # Errors
    /// What the person has to agree to first. Nothing was sent.
    fn test_key(&self, test: &KeyTest) -> Result<KeyAnswer, Vec<Consent>>;
    /// Whether the old key stands in the history of git. None: that cannot be told of this key.
    fn find_in_git(&self, token: &str, stop: &StopFlag) -> Option<GitTold>;
    /// The plan of writing the key, or why there is none. Nothing is changed.
    fn plan_key(&self, token: &str, leave: &[String], approve: bool) -> Result<PlanText, String>;
    /// Writes it, as that plan says.
    fn write_key(&self, token: &str) -> RepairEnd;
    /// What a form for a provider asks.
    fn provider_form(&self, cell: &Cell, provider: Provider) -> Option<ProviderForm>;
    /// The plan of setting one up, or why there is none. Nothing is changed.
    fn prepare_provider(&self, asked: &ProviderAsked) -> Result<ProviderPlan, Vec<NotTaken>>;
    /// Tests what is planned, before anything is written.
    ///
    /// # Errors
    /// What the person has to agree to first. Nothing was sent.
    fn test_provider(&self, test: &ProviderTest) -> Result<KeyAnswer, Vec<Consent>>;
    /// Carries it out and tests it again; what is not as it was asked for is taken back.
    fn set_provider_up(&self, test: &ProviderTest) -> ProviderEnd;
    /// The ways to install Claude Code. Where Node may be asked, it is started for its version.
    fn ways_to_install(&self, cell: &Cell, ask_node: bool, stop: &StopFlag) -> WayOffers;
    /// What the person's own Claude Code says of who is signed in.
    fn ask_status(&self, cell: &Cell, stop: &StopFlag) -> String;
    /// Looks at the certificate that the endpoint shows. No key is sent.
    ///
    /// # Errors
    /// What the person has to agree to first. No connection was opened.
    fn seek_certificate(&self, asked: &CertificateAsked) -> Result<CertificateSeen, Vec<Consent>>;
    /// The root for what was looked at, in the system's store or in this file; or why there is none.
    fn find_root(&self, token: &str, file: Option<&Path>) -> Result<RootText, String>;
    /// The plan of giving it to Claude Code, or why there is none. Nothing is changed.
    fn plan_certificate(&self, token: &str) -> Result<PlanText, String>;
    /// Does it, as that plan says, and looks at the certificate again.
    fn set_certificate(&self, token: &str) -> RepairEnd;
    /// The plan of the credential reset, or why there is none. Nothing is changed.
    fn plan_reset(&self, asked: &ResetAsked) -> Result<ResetPlan, String>;
    /// Carries out these parts of the plan with this token.
    fn reset(&self, token: &str, parts: &[Part]) -> RepairEnd;
    /// Login files that an earlier reset set aside.
    fn old_logins(&self, cell: &Cell) -> Vec<String>;
    /// Deletes them, for good.
    fn delete_old_logins(&self, cell: &Cell, paths: &[String]) -> Result<(), String>;
    /// Takes a change back.
    fn undo(&self, change: &str, if_changed: IfChanged) -> UndoEnd;
    /// What was changed, the last first.
    fn changes(&self) -> Changes;
    /// Deletes what is kept of files as they were before changes.
    fn delete_backups(&self);
    /// The folders that Claude Code has worked in and that still exist, the last one first.
    fn projects(&self) -> Vec<ProjectEntry>;
}

/// Calls for a new look at the inbox; from any thread.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

struct Arrival {
    lane: Lane,
    generation: u64,
    action: Action,
}

/// Jobs whose answers take each other's place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    Projects,
    Report,
    Table,
    Explain,
    WhatIf,
    Repair,
    Changes,
    HelpdeskText,
    Key,
    Provider,
    Git,
    Install,
    Certificate,
    OldLogins,
    SignIn,
    Terminal,
    Watch,
}

impl JobKind {
    fn lane(self) -> Lane {
        match self {
            Self::Projects => Lane::Projects,
            Self::Scan | Self::Test => Lane::Report,
            Self::Table => Lane::Table,
            Self::Explain => Lane::Explain,
            Self::WhatIf => Lane::WhatIf,
            Self::Repair => Lane::Repair,
            Self::Changes => Lane::Changes,
            Self::HelpdeskText => Lane::HelpdeskText,
            Self::Key => Lane::Key,
            Self::Provider => Lane::Provider,
            Self::Git => Lane::Git,
            Self::Install => Lane::Install,
            Self::Certificate => Lane::Certificate,
            Self::OldLogins => Lane::OldLogins,
            Self::SignIn => Lane::SignIn,
            Self::Terminal => Lane::Terminal,
            Self::Watch => Lane::Watch,
        }
    }

    fn thread_name(self) -> &'static str {
        match self {
            Self::Projects => "authlight-projects",
            Self::Scan => "authlight-scan",
            Self::Test => "authlight-test",
            Self::Table => "authlight-table",
            Self::Explain => "authlight-explain",
            Self::WhatIf => "authlight-what-if",
            Self::Repair => "authlight-repair",
            Self::Changes => "authlight-changes",
            Self::HelpdeskText => "authlight-helpdesk",
            Self::Key => "authlight-key",
            Self::Provider => "authlight-provider",
            Self::Git => "authlight-git",
            Self::Install => "authlight-install",
            Self::Certificate => "authlight-certificate",
            Self::OldLogins => "authlight-old-logins",
            Self::SignIn => "authlight-sign-in",
            Self::Terminal => "authlight-terminal",
            Self::Watch => "authlight-watch",
        }
    }
}

/// Runs jobs and collects what they find.
pub struct Jobs {
    engine: Arc<dyn Engine>,
    waker: Waker,
    sender: Sender<Arrival>,
    inbox: Receiver<Arrival>,
    newest: BTreeMap<Lane, u64>,
}

impl Jobs {
    /// Jobs of this engine. `waker` is called after each arrival.
    pub fn new(engine: Arc<dyn Engine>, waker: Waker) -> Self {
        let (sender, inbox) = channel();
        Self { engine, waker, sender, inbox, newest: BTreeMap::new() }
    }

    /// Starts the job of an effect. Gives the effect back where it is the face's own: folder dialog, clipboard,
    /// browser.
    pub fn start(&mut self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::FindProjects => {
                self.spawn(JobKind::Projects, |engine, _| Action::ProjectsArrived(engine.projects()))
            }
            Effect::Scan(request) => self.spawn(JobKind::Scan, move |engine, post| {
                let report = engine.scan(&request, &mut |part| post(Action::PartArrived(Arc::new(part))));
                Action::ReportArrived(JobKind::Scan, Arc::new(report))
            }),
            Effect::Test(request) => self.spawn(JobKind::Test, move |engine, post| {
                let tested = engine.test(&request, &mut |part| post(Action::PartArrived(Arc::new(part))));
                let arrived = |report| Action::ReportArrived(JobKind::Test, Arc::new(report));
                tested.map_or_else(Action::ConsentNeeded, arrived)
            }),
            Effect::FillTable(request) => self.spawn(JobKind::Table, move |engine, post| {
                engine.table(&request, &mut |rows| post(Action::RowsArrived(rows)));
                Action::TableFilled
            }),
            Effect::Explain(text) => {
                self.spawn(JobKind::Explain, move |engine, _| Action::ExplanationArrived(engine.explain(&text)));
            }
            Effect::WhatIf { run, instance } => self.spawn(JobKind::WhatIf, move |engine, _| {
                let answer = engine.what_if(&run, &instance);
                Action::WhatIfArrived(instance, answer)
            }),
            Effect::PlanRepair(asked) => self.spawn(JobKind::Repair, move |engine, _| {
                let planned = engine.plan_repair(&asked);
                Action::RepairCameTo(planned.map_or_else(RepairStage::Refused, RepairStage::Planned))
            }),
            Effect::Repair(token) => self.spawn(JobKind::Repair, move |engine, _| {
                Action::RepairCameTo(RepairStage::Ended(engine.repair(&token)))
            }),
            Effect::FindPutPlaces(cell) => {
                self.spawn(JobKind::Key, move |engine, _| Action::KeyNews(KeyNews::Offers(engine.put_places(&cell))));
            }
            Effect::TakeKey(given) => {
                self.spawn(JobKind::Key, move |engine, _| Action::KeyNews(KeyNews::Taken(engine.take_key(&given))));
            }
            Effect::TestKey(test) => self.spawn(JobKind::Key, move |engine, _| {
                let told = engine.test_key(&test);
                let asks = |asked| KeyNews::Asks(test.role, asked);
                Action::KeyNews(told.map_or_else(asks, |answer| KeyNews::Told(test.role, answer)))
            }),
            Effect::FindInGit(token, stop) => self
                .spawn(JobKind::Git, move |engine, _| Action::KeyNews(KeyNews::Git(engine.find_in_git(&token, &stop)))),
            Effect::PlanKey { token, leave, approve } => self.spawn(JobKind::Key, move |engine, _| {
                Action::KeyNews(KeyNews::Planned(engine.plan_key(&token, &leave, approve)))
            }),
            Effect::WriteKey(token) => self.spawn(JobKind::Repair, move |engine, _| {
                Action::RepairCameTo(RepairStage::Ended(engine.write_key(&token)))
            }),
            Effect::AskForProvider(cell, provider) => self.spawn(JobKind::Provider, move |engine, _| {
                Action::ProviderNews(ProviderNews::Form(provider, engine.provider_form(&cell, provider)))
            }),
            Effect::PrepareProvider(asked) => self.spawn(JobKind::Provider, move |engine, _| {
                Action::ProviderNews(ProviderNews::Prepared(engine.prepare_provider(&asked).map(Box::new)))
            }),
            Effect::TestProvider(test) => self.spawn(JobKind::Provider, move |engine, _| {
                let told = engine.test_provider(&test);
                Action::ProviderNews(told.map_or_else(ProviderNews::Asks, ProviderNews::Told))
            }),
            Effect::SetProviderUp(test) => self.spawn(JobKind::Repair, move |engine, _| {
                Action::ProviderNews(ProviderNews::Ended(engine.set_provider_up(&test)))
            }),
            Effect::FindWays { cell, ask_node, stop } => self.spawn(JobKind::Install, move |engine, _| {
                Action::InstallNews(InstallNews::Ways(engine.ways_to_install(&cell, ask_node, &stop)))
            }),
            Effect::AskStatus(cell, stop) => self.spawn(JobKind::Install, move |engine, _| {
                Action::InstallNews(InstallNews::Status(engine.ask_status(&cell, &stop)))
            }),
            Effect::SeekCertificate(asked) => self.spawn(JobKind::Certificate, move |engine, _| {
                Action::CertificateNews(CertificateNews::Seen(engine.seek_certificate(&asked)))
            }),
            Effect::FindRoot { token, file } => self.spawn(JobKind::Certificate, move |engine, _| {
                Action::CertificateNews(CertificateNews::Root(engine.find_root(&token, file.as_deref())))
            }),
            Effect::PlanCertificate(token) => self.spawn(JobKind::Certificate, move |engine, _| {
                Action::CertificateNews(CertificateNews::Planned(engine.plan_certificate(&token)))
            }),
            Effect::SetCertificate(token) => self.spawn(JobKind::Repair, move |engine, _| {
                Action::RepairCameTo(RepairStage::Ended(engine.set_certificate(&token)))
            }),
            Effect::PlanReset(asked) => {
                self.spawn(JobKind::Repair, move |engine, _| Action::ResetPlanned(engine.plan_reset(&asked)));
            }
            Effect::Reset { token, parts } => self.spawn(JobKind::Repair, move |engine, _| {
                Action::RepairCameTo(RepairStage::Ended(engine.reset(&token, &parts)))
            }),
            Effect::FindOldLogins(cell) => {
                self.spawn(JobKind::OldLogins, move |engine, _| Action::OldLoginsFound(engine.old_logins(&cell)));
            }
            Effect::DeleteOldLogins(cell, paths) => self.spawn(JobKind::OldLogins, move |engine, _| {
                Action::OldLoginsDeleted(engine.delete_old_logins(&cell, &paths))
            }),
            Effect::UndoChange(change, if_changed) => self.spawn(JobKind::Repair, move |engine, _| {
                Action::RepairCameTo(RepairStage::Undone(engine.undo(&change, if_changed)))
            }),
            Effect::FindChanges => {
                self.spawn(JobKind::Changes, |engine, _| Action::ChangesArrived(engine.changes()));
            }
            Effect::DeleteBackups => self.spawn(JobKind::Changes, |engine, _| {
                engine.delete_backups();
                Action::ChangesArrived(engine.changes())
            }),
            Effect::WriteHelpdeskText(report) => self.spawn(JobKind::HelpdeskText, move |engine, _| {
                engine.helpdesk_text(&report).map_or(Action::HelpdeskTextHeldBack, Action::HelpdeskTextArrived)
            }),
            Effect::SignIn(request) => self.spawn(JobKind::SignIn, move |engine, post| {
                let ended = engine.sign_in(&request, &mut |event| post(Action::SignIn(event)));
                Action::SignIn(SignInEvent::Ended(ended))
            }),
            Effect::OpenTerminal(launch) => {
                self.spawn(JobKind::Terminal, move |_, _| Action::TerminalOpened(launch.open().is_ok()));
            }
            Effect::Watch(stop) => self.spawn(JobKind::Watch, move |engine, post| {
                engine.watch(&stop, &mut |shell| post(Action::FilesChanged(shell)));
                Action::WatchEnded
            }),
            Effect::ChooseFolder | Effect::ChooseFile | Effect::Copy(_) | Effect::Open(_) => return Some(effect),
        }
        None
    }

    /// What has arrived since the last call, stale answers left out.
    pub fn arrived(&mut self) -> Vec<Action> {
        let newest = &self.newest;
        let current = |arrival: &Arrival| newest.get(&arrival.lane) == Some(&arrival.generation);
        self.inbox.try_iter().filter(current).map(|arrival| arrival.action).collect()
    }

    fn spawn(
        &mut self,
        kind: JobKind,
        work: impl FnOnce(&dyn Engine, &mut dyn FnMut(Action)) -> Action + Send + 'static,
    ) {
        let lane = kind.lane();
        let generation = self.newest.get(&lane).map_or(1, |newest| newest + 1);
        self.newest.insert(lane, generation);

        let (engine, sender, waker) = (Arc::clone(&self.engine), self.sender.clone(), Arc::clone(&self.waker));
        let post = move |action| {
            // The window may have gone: then nobody waits for the answer.
            let _gone = sender.send(Arrival { lane, generation, action });
            waker();
        };
        let broke = post.clone();
        let started = thread::Builder::new().name(kind.thread_name().to_owned()).spawn(move || {
            let answer = catch_unwind(AssertUnwindSafe(|| work(&*engine, &mut |action| post(action))));
            post(answer.unwrap_or(Action::JobBroke(kind)));
        });
        if started.is_err() {
            broke(Action::JobBroke(kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::sync::{Condvar, Mutex};

    use super::*;
    use crate::state::MeaningText;

    /// Explains when it is let; breaks on the text "break".
    struct Gate {
        open: Mutex<bool>,
        opened: Condvar,
    }

    impl Engine for Gate {
        fn scan(&self, _: &ScanRequest, _: &mut dyn FnMut(Report)) -> Report {
            panic!("broken on purpose")
        }
        fn test(&self, _: &TestRequest, _: &mut dyn FnMut(Report)) -> Result<Report, Vec<Consent>> {
            panic!("broken on purpose")
        }
        fn table(&self, _: &TableRequest, told: &mut dyn FnMut(Vec<TableRow>)) {
            told(Vec::new());
            told(Vec::new());
        }
        fn explain(&self, text: &str) -> ExplanationText {
            if text == "slow" {
                let open = self.open.lock().unwrap();
                drop(self.opened.wait_while(open, |open| !*open).unwrap());
            }
            let meaning = MeaningText { when: text.to_owned(), to_do: String::new(), cause: None, code: None };
            ExplanationText { meanings: vec![meaning], ..Default::default() }
        }
        fn what_if(&self, _: &str, _: &Instance) -> Option<Vec<String>> {
            None
        }
        fn sign_in(&self, _: &SignInRequest, told: &mut dyn FnMut(SignInEvent)) -> Ended {
            told(SignInEvent::Started);
            Ended::Cancelled
        }
        fn watch(&self, _: &StopFlag, changed: &mut dyn FnMut(ShellUse)) {
            changed(ShellUse::Known);
        }
        fn helpdesk_text(&self, _: &Report) -> Option<String> {
            None
        }
        fn plan_repair(&self, _: &RepairAsked) -> Result<PlanText, String> {
            Err(String::new())
        }
        fn repair(&self, _: &str) -> RepairEnd {
            RepairEnd::Failed(String::new())
        }
        fn put_places(&self, _: &Cell) -> Vec<PutOffer> {
            Vec::new()
        }
        fn take_key(&self, _: &KeyHandedOver) -> Result<KeyTaken, String> {
            Err(String::new())
        }
        fn test_key(&self, _: &KeyTest) -> Result<KeyAnswer, Vec<Consent>> {
            Ok(KeyAnswer::Accepted)
        }
        fn find_in_git(&self, _: &str, _: &StopFlag) -> Option<GitTold> {
            None
        }
        fn plan_key(&self, _: &str, _: &[String], _: bool) -> Result<PlanText, String> {
            Err(String::new())
        }
        fn write_key(&self, _: &str) -> RepairEnd {
            RepairEnd::Failed(String::new())
        }
        fn provider_form(&self, _: &Cell, _: Provider) -> Option<ProviderForm> {
            None
        }
        fn prepare_provider(&self, _: &ProviderAsked) -> Result<ProviderPlan, Vec<NotTaken>> {
            Err(Vec::new())
        }
        fn test_provider(&self, _: &ProviderTest) -> Result<KeyAnswer, Vec<Consent>> {
            Ok(KeyAnswer::Accepted)
        }
        fn set_provider_up(&self, _: &ProviderTest) -> ProviderEnd {
            ProviderEnd::Failed(Vec::new())
        }

        fn ways_to_install(&self, _: &Cell, _: bool, _: &StopFlag) -> WayOffers {
            WayOffers::default()
        }
        fn ask_status(&self, _: &Cell, _: &StopFlag) -> String {
            String::new()
        }
        fn seek_certificate(&self, asked: &CertificateAsked) -> Result<CertificateSeen, Vec<Consent>> {
            Err(asked.consents.clone())
        }
        fn find_root(&self, _: &str, _: Option<&Path>) -> Result<RootText, String> {
            Err(String::new())
        }
        fn plan_certificate(&self, _: &str) -> Result<PlanText, String> {
            Err(String::new())
        }
        fn set_certificate(&self, _: &str) -> RepairEnd {
            RepairEnd::Failed(String::new())
        }
        fn plan_reset(&self, _: &ResetAsked) -> Result<ResetPlan, String> {
            Err(String::new())
        }
        fn reset(&self, _: &str, _: &[Part]) -> RepairEnd {
            RepairEnd::Failed(String::new())
        }
        fn old_logins(&self, _: &Cell) -> Vec<String> {
            Vec::new()
        }
        fn delete_old_logins(&self, _: &Cell, _: &[String]) -> Result<(), String> {
            Ok(())
        }
        fn undo(&self, _: &str, _: IfChanged) -> UndoEnd {
            UndoEnd::Failed(String::new())
        }
        fn changes(&self) -> Changes {
            Changes::default()
        }
        fn delete_backups(&self) {}
        fn projects(&self) -> Vec<ProjectEntry> {
            Vec::new()
        }
        fn contexts(&self) -> Vec<Context> {
            Context::ALL.to_vec()
        }
    }

    fn gate() -> (Arc<Gate>, Jobs, Receiver<()>) {
        let gate = Arc::new(Gate { open: Mutex::new(false), opened: Condvar::new() });
        let (ring, rung) = mpsc::channel();
        let ring = Mutex::new(ring);
        let waker: Waker = Arc::new(move || ring.lock().unwrap().send(()).unwrap_or_default());
        let jobs = Jobs::new(Arc::clone(&gate) as Arc<dyn Engine>, waker);
        (gate, jobs, rung)
    }

    #[test]
    fn an_older_answer_that_comes_late_is_dropped() {
        let (gate, mut jobs, rung) = gate();
        jobs.start(Effect::Explain("slow".to_owned()));
        jobs.start(Effect::Explain("quick".to_owned()));
        rung.recv().unwrap();
        *gate.open.lock().unwrap() = true;
        gate.opened.notify_all();
        rung.recv().unwrap();
        let arrived = jobs.arrived();
        let [Action::ExplanationArrived(explanation)] = &arrived[..] else { panic!("{arrived:?}") };
        assert_eq!(explanation.meanings[0].when, "quick");
    }

    #[test]
    fn a_job_that_breaks_says_so() {
        let (_gate, mut jobs, rung) = gate();
        jobs.start(Effect::Scan(ScanRequest::default()));
        rung.recv().unwrap();
        assert!(matches!(jobs.arrived()[..], [Action::JobBroke(JobKind::Scan)]));
    }

    #[test]
    fn rows_come_before_the_end_of_their_table() {
        let (_gate, mut jobs, rung) = gate();
        jobs.start(Effect::FillTable(TableRequest::default()));
        (0..3).for_each(|_| rung.recv().unwrap());
        let arrived = jobs.arrived();
        assert!(
            matches!(arrived[..], [Action::RowsArrived(_), Action::RowsArrived(_), Action::TableFilled]),
            "{arrived:?}"
        );
    }

    #[test]
    fn what_belongs_to_the_face_is_given_back() {
        let (_gate, mut jobs, _) = gate();
        assert!(matches!(jobs.start(Effect::Copy("text".to_owned())), Some(Effect::Copy(_))));
        assert!(matches!(jobs.start(Effect::ChooseFolder), Some(Effect::ChooseFolder)));
    }
}
