//! What the window knows, and what a click does to it: `State::update(Action)` gives the [`Effect`]s to carry out.
//!
//! No window, no I/O, no thread. A face draws the [`State`] and gives back [`Action`]s; [`crate::act::jobs`] carries
//! out the effects that take time; what they find comes back as actions again.

mod actions;
pub mod repairs;
mod sign_in;
pub mod walkthrough;
mod watch;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use authlight_core::report::Context;
use authlight_core::report::{
    Cause, CauseReport, CredentialKind, GreyReason, Instance, Light, Outcome, Provider, Report, Stage, Status,
};

use crate::act::sign_in::SignIn;
pub use crate::live::Consent;
use crate::matrix::table::{Table, TableRequest};
use walkthrough::key::KeyNews;
use walkthrough::{Walkthrough, WalkthroughKind};

pub use repairs::{
    ChangeRow, Changes, IfChanged, PlanText, RepairAsked, RepairEnd, RepairStage, Repairing, StepText, UndoEnd,
};

pub use actions::{
    Action, AskedAt, Effect, ExplanationText, JobKind, MeaningText, ProjectEntry, ScanRequest, ShellUse, StopFlag,
    TestRequest,
};
pub use sign_in::{SignInClick, SignInRequest};

/// What the test can prove here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestOffer {
    /// A key or token that this program may send.
    Key,
    /// The way to the endpoint, without a credential: a Claude login is proved by Claude Code alone.
    Connection,
}

/// What would be without something, on the report that is on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatIf {
    /// Where it was asked.
    pub asked_at: AskedAt,
    /// What is left out.
    pub instance: Instance,
    /// What would be different, in sentences; none while that is found out.
    pub answer: Option<Vec<String>>,
}

/// The box for an error message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PasteBox {
    /// What stands in it.
    pub text: String,
    /// What it means, for the text that was asked about.
    pub explanation: Option<ExplanationText>,
}

/// What becomes of login files that were set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OldLogins {
    /// They lie there.
    Found(Vec<String>),
    /// They are deleted; or why not.
    Deleted(Result<(), String>),
}

/// The dialog that asks for a folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FolderDialog {
    /// The typed path.
    pub path: String,
    /// The system's own dialog was opened and gave nothing back.
    pub nothing_chosen: bool,
}

/// Something that happened, said once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The report lies in the clipboard.
    Copied,
    /// A command lies in the clipboard.
    CommandCopied,
    /// The report would have carried a secret, and was not copied.
    HeldBack,
    /// One of our own jobs broke off. What was known before stays.
    JobBroke(JobKind),
    /// This page could not be opened.
    PageNotOpened(String),
    /// The terminal could not be opened.
    TerminalNotOpened,
}

/// All that the window knows.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The latest report, in words. It stays while a new one is made.
    pub report: Option<Arc<Report>>,
    /// The examined folder.
    pub project: Option<PathBuf>,
    /// The folders that Claude Code knows.
    pub projects: Vec<ProjectEntry>,
    /// Folders that the person added.
    pub added: Vec<PathBuf>,
    /// What signs in for every folder and context.
    pub table: Table,
    /// Whether the person has said that folders may be opened for which the system asks.
    pub may_open: bool,
    /// Whose environment.
    pub context: Context,
    /// Whose environments can be examined here.
    pub contexts: Vec<Context>,
    /// Of the new terminal, the files alone are read; the person's shell is not run.
    pub files_only: bool,
    /// The cause that the person chose; none: the verdict's.
    pub chosen_cause: Option<Cause>,
    /// The rungs that are open.
    pub open_rungs: BTreeSet<Instance>,
    /// What would be without something, where that is open. It belongs to the report on the screen, and goes with it.
    pub what_if: Option<WhatIf>,
    /// The box for an error message, when it is open.
    pub paste: Option<PasteBox>,
    /// The dialog for a folder, when it is open.
    pub folder_dialog: Option<FolderDialog>,
    /// What the test asks before it begins.
    pub consent_question: Option<Vec<Consent>>,
    /// What the person agreed to for the latest test.
    agreed: Vec<Consent>,
    /// The walkthrough that is open.
    pub walkthrough: Option<Walkthrough>,
    /// The one that has opened it, and goes on when it is closed.
    outer: Option<Walkthrough>,
    /// Login files that an earlier reset set aside, when a new login works.
    pub old_logins: Option<OldLogins>,
    /// A sign-in, from its beginning until it is closed.
    pub sign_in: Option<SignIn>,
    /// The repair that is open.
    pub repairing: Option<Repairing>,
    /// The changes that were made, when they are open.
    pub changes: Option<Changes>,
    /// What happened last.
    pub notice: Option<Notice>,
    running: BTreeSet<JobKind>,
    /// The report on the screen is of an earlier folder or context.
    outdated: bool,
    /// The report on the screen is a part: its verdict is not one yet.
    partial: bool,
    /// The table on the screen is compared with an earlier cell.
    table_outdated: bool,
    /// The next rows are the first of a new table.
    table_begins: bool,
    stop: StopFlag,
    stop_table: StopFlag,
    stop_sign_in: StopFlag,
    stop_key: StopFlag,
    stop_git: StopFlag,
    stop_watch: StopFlag,
    /// The look that goes on was begun by nobody.
    by_itself: bool,
    /// Something has changed while that could not be looked at.
    looks_next: Option<ShellUse>,
    /// What the report is tested with when it has been looked again.
    then_test: Option<Vec<Consent>>,
    /// While the walkthrough was open, a test of the report went well.
    proved: bool,
}

impl State {
    /// The state before anything was looked at; `project` is examined instead of the last one, `context` instead of
    /// the first of those that can be.
    pub fn new(project: Option<PathBuf>, context: Option<Context>, contexts: Vec<Context>) -> Self {
        let context = context.or(contexts.first().copied()).unwrap_or_default();
        Self { project, context, contexts, ..Self::default() }
    }

    /// Whether a job of this kind runs.
    pub fn is_running(&self, kind: JobKind) -> bool {
        self.running.contains(&kind)
    }

    /// Whether looking goes on.
    pub fn is_looking(&self) -> bool {
        self.is_running(JobKind::Scan) || (self.is_running(JobKind::Projects) && self.report.is_none())
    }

    /// Whether the report on the screen was made for another folder or context.
    pub fn is_outdated(&self) -> bool {
        self.outdated
    }

    /// Whether the table on the screen is compared with a cell that is no longer the chosen one.
    pub fn is_table_outdated(&self) -> bool {
        self.table_outdated
    }

    /// The report, where it is whole and of the chosen folder and context: what a verdict may be said of.
    pub fn whole_report(&self) -> Option<&Report> {
        self.report.as_deref().filter(|_| !self.outdated && !self.partial)
    }

    /// The cause that is shown: the chosen one, else the verdict's, else the worst.
    pub fn shown_cause(&self) -> Cause {
        let worst = || {
            let report = self.report.as_deref()?;
            let rank = |cause: &&CauseReport| light_rank(cause);
            // The first of the worst: table order says which to repair first.
            report.causes.iter().rev().max_by_key(rank).map(|cause| cause.id)
        };
        self.chosen_cause
            .or_else(|| self.report.as_deref().and_then(|report| report.verdict.cause))
            .or_else(worst)
            .unwrap_or(Cause::Environment)
    }

    /// What the test can prove, or none where there is nothing to send.
    pub fn test_offer(&self) -> Option<TestOffer> {
        let route = &self.whole_report()?.route;
        // What signs in to a cloud need not show in a file or variable.
        let cloud = !matches!(route.provider, Provider::Anthropic | Provider::Gateway);
        if route.sends.is_empty() && !cloud || route.endpoint.url.is_none() {
            return None;
        }
        let sendable = |kind| {
            use CredentialKind as K;
            matches!(kind, K::AuthToken | K::ApiKey | K::ApiKeyHelper | K::ManagedKey | K::CustomHeaders)
        };
        let any = route.sends.iter().any(|sent| sendable(sent.credential));
        Some(if any { TestOffer::Key } else { TestOffer::Connection })
    }

    /// What the running test is at, as far as its rows and the route tell.
    pub fn running_stage(&self) -> Option<Stage> {
        let report = self.report.as_deref().filter(|_| self.is_running(JobKind::Test))?;
        let route = &report.route;
        let encrypted = route.endpoint.url.as_deref().is_some_and(|url| url.starts_with("https:"));
        let helper = route.sends.iter().any(|sent| sent.credential == CredentialKind::ApiKeyHelper);
        match report.live.stages.last().map(|row| row.stage) {
            None => (!helper).then_some(Stage::Dns),
            Some(Stage::Dns) => Some(Stage::Tcp),
            Some(Stage::Tcp) if encrypted && route.proxy.is_some() && route.proxy_bypass.is_none() => {
                Some(Stage::Proxy)
            }
            Some(Stage::Tcp | Stage::Proxy) if encrypted => Some(Stage::Tls),
            Some(Stage::Tcp | Stage::Proxy | Stage::Tls) => Some(Stage::Http),
            Some(_) => None,
        }
    }

    /// What could be tried beyond the test that is on the screen, with the person's word for it.
    pub fn further_tests(&self) -> Vec<Consent> {
        let Some(report) = self.whole_report().filter(|_| !self.is_running(JobKind::Test)) else { return Vec::new() };
        let login = [CredentialKind::Login, CredentialKind::OauthToken, CredentialKind::Profile];
        let troubled = [Outcome::ServerError, Outcome::TimedOut].contains(&report.live.outcome);
        let failed = report.live.stages.iter().any(|row| row.status == Status::Fail);
        let tried = report.live.own_claude || failed || report.live.stages.is_empty();
        if !troubled && report.route.sends.iter().any(|sent| login.contains(&sent.credential)) {
            let there = !report.claude.installs.is_empty() && !tried;
            let folder = self.project.as_deref().map(|folder| folder.display().to_string());
            let own = Consent::OwnClaude { folder: folder.unwrap_or_else(|| "~".to_owned()) };
            return if there { vec![own] } else { Vec::new() };
        }
        let stage = |wanted| report.live.stages.iter().find(|row| row.stage == wanted);
        match report.live.outcome {
            Outcome::ServerError | Outcome::TimedOut
                if report.route.provider == Provider::Anthropic && report.live.service.is_none() =>
            {
                vec![Consent::ServiceStatus]
            }
            Outcome::Verified if stage(Stage::Quota).is_none_or(|row| row.status == Status::Skipped) => {
                vec![Consent::OneToken]
            }
            Outcome::Rejected if report.route.provider == Provider::Gateway => {
                let either = |kind| matches!(kind, CredentialKind::ApiKey | CredentialKind::AuthToken);
                let one = matches!(report.route.sends.as_slice(), [sent] if either(sent.credential));
                let tried = stage(Stage::Auth).is_some_and(|row| row.evidence.contains_key("other_header"));
                if one && !tried { vec![Consent::OtherHeader] } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    /// Whether the verdict waits for the test alone.
    pub fn waits_for_test(&self) -> bool {
        self.whole_report()
            .is_some_and(|report| report.verdict.light == Light::Grey && report.live.outcome == Outcome::NotTested)
            && self.test_offer().is_some()
    }

    /// Takes in what happened. Gives what has to be done.
    pub fn update(&mut self, action: Action) -> Vec<Effect> {
        let mut effects = self.take_in(action);
        if self.walkthrough.is_none() {
            self.walkthrough = self.outer.take();
        }
        effects.extend(self.watch());
        effects
    }

    fn take_in(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Start => {
                self.running.insert(JobKind::Projects);
                let mut effects = vec![Effect::FindProjects];
                // Without a folder the last one is waited for: it decides what is looked at.
                if self.project.is_some() {
                    effects.extend(self.scan(ShellUse::Known));
                }
                effects
            }
            Action::CheckAgain => self.scan(ShellUse::Again),
            Action::AskShell(asked) => {
                self.files_only = !asked;
                self.scan(ShellUse::Known)
            }
            Action::ChooseProject(project) => {
                self.folder_dialog = None;
                self.examine(project, self.context)
            }
            Action::ChooseCell(project, context) => self.examine(project, context),
            Action::OpenAllFolders => {
                self.may_open = true;
                self.fill_table()
            }
            Action::StopTable => {
                self.stop_table.stop();
                Vec::new()
            }
            Action::RowsArrived(rows) => {
                // What a stopped job still told is of an earlier cell.
                if self.is_running(JobKind::Table) {
                    if std::mem::take(&mut self.table_begins) {
                        (self.table, self.table_outdated) = (Table::default(), false);
                    }
                    self.table.extend(rows);
                }
                Vec::new()
            }
            Action::TableFilled => {
                self.running.remove(&JobKind::Table);
                Vec::new()
            }
            Action::ChooseContext(context) => self.examine(self.project.clone(), context),
            Action::OpenFolderDialog => {
                self.folder_dialog = Some(FolderDialog::default());
                Vec::new()
            }
            Action::BrowseFolder => vec![Effect::ChooseFolder],
            Action::FolderBrowsed(Some(folder)) => self.add(folder),
            Action::FolderBrowsed(None) => {
                if let Some(dialog) = &mut self.folder_dialog {
                    dialog.nothing_chosen = true;
                }
                Vec::new()
            }
            Action::FolderTyped(path) => {
                if let Some(dialog) = &mut self.folder_dialog {
                    dialog.path = path;
                }
                Vec::new()
            }
            Action::UseTypedFolder => {
                let Some(folder) = self.folder_dialog.as_ref().and_then(|dialog| typed_path(&dialog.path)) else {
                    return Vec::new();
                };
                self.add(folder)
            }
            Action::ChooseCause(cause) => {
                self.chosen_cause = Some(cause);
                Vec::new()
            }
            Action::ToggleRung(rung) => {
                if !self.open_rungs.remove(&rung) {
                    self.open_rungs.insert(rung);
                }
                Vec::new()
            }
            Action::WhatIf(asked_at, instance) => {
                let open = self.what_if.take();
                if open.is_some_and(|open| open.asked_at == asked_at && open.instance == instance) {
                    return Vec::new();
                }
                let Some(report) = &self.report else { return Vec::new() };
                let run = report.run.id.clone();
                self.running.insert(JobKind::WhatIf);
                self.what_if = Some(WhatIf { asked_at, instance: instance.clone(), answer: None });
                vec![Effect::WhatIf { run, instance }]
            }
            Action::Test => match self.test_offer() {
                Some(_) => self.test(Vec::new()),
                None => Vec::new(),
            },
            Action::TestFurther(consent) => {
                if !self.further_tests().contains(&consent) {
                    return Vec::new();
                }
                if consent == Consent::ServiceStatus {
                    // Nothing of the person's goes there: the click is the word.
                    let agreed = self.agreed.iter().cloned().chain([consent]).collect();
                    return self.test(agreed);
                }
                self.consent_question = Some(vec![consent]);
                Vec::new()
            }
            Action::ConsentNeeded(consents) => {
                self.running.remove(&JobKind::Test);
                self.consent_question = Some(consents);
                Vec::new()
            }
            Action::AnswerConsent(agreed) => match self.consent_question.take() {
                Some(mut consents) if agreed => {
                    // What was agreed to for the test that is on the screen holds for going on with it.
                    let agreed = self.agreed.iter().filter(|given| !consents.contains(given)).cloned();
                    consents.extend(agreed.collect::<Vec<_>>());
                    self.test(consents)
                }
                _ => Vec::new(),
            },
            Action::StopTest => {
                self.stop.stop();
                Vec::new()
            }
            Action::TogglePaste => {
                self.paste = if self.paste.is_some() { None } else { Some(PasteBox::default()) };
                Vec::new()
            }
            Action::PasteTyped(text) => {
                if let Some(paste) = &mut self.paste {
                    *paste = PasteBox { text, explanation: None };
                }
                Vec::new()
            }
            Action::Explain => match &self.paste {
                Some(paste) if !paste.text.trim().is_empty() => {
                    self.running.insert(JobKind::Explain);
                    vec![Effect::Explain(paste.text.clone())]
                }
                _ => Vec::new(),
            },
            Action::CopyForHelpdesk => match &self.report {
                Some(report) => {
                    self.running.insert(JobKind::HelpdeskText);
                    vec![Effect::WriteHelpdeskText(Arc::clone(report))]
                }
                None => Vec::new(),
            },
            Action::OpenHelp(url) => vec![Effect::Open(url)],
            Action::CameBack => {
                self.came_back();
                Vec::new()
            }
            Action::FilesChanged(shell) => {
                self.look_when_free(shell);
                Vec::new()
            }
            Action::WatchEnded => Vec::new(),
            Action::OpenWalkthrough(kind) => self.open_walkthrough(kind),
            Action::Go(to) => self.go(to),
            Action::ChooseSignIn(choices) => {
                self.walkthrough = Some(Walkthrough::SignIn(choices));
                Vec::new()
            }
            Action::Key(click) => self.key_click(click),
            Action::KeyNews(news) => self.key_news(news),
            Action::Provider(click) => self.provider_click(click),
            Action::ProviderNews(news) => self.provider_news(news),
            Action::Install(click) => self.install_click(click),
            Action::InstallNews(news) => self.install_news(news),
            Action::Certificate(click) => self.certificate_click(click),
            Action::CertificateNews(news) => self.certificate_news(news),
            Action::FileBrowsed(file) => self.file_browsed(file),
            Action::ResetPlanned(planned) => self.reset_planned(planned),
            Action::TickReset(part) => self.tick_reset(part),
            Action::OldLoginsFound(paths) => {
                self.old_logins = Some(OldLogins::Found(paths)).filter(|found| *found != OldLogins::Found(Vec::new()));
                Vec::new()
            }
            Action::DeleteOldLogins => match self.old_logins.take() {
                Some(OldLogins::Found(paths)) => {
                    let cell = self.cell();
                    vec![Effect::DeleteOldLogins(cell, paths)]
                }
                other => {
                    self.old_logins = other;
                    Vec::new()
                }
            },
            Action::OldLoginsDeleted(deleted) => {
                self.old_logins = Some(OldLogins::Deleted(deleted));
                Vec::new()
            }
            Action::OpenRepair(fix, at) => self.open_repair(fix, at),
            Action::DoRepair => self.do_repair(),
            Action::UndoChange(change, if_changed) => self.undo_change(change, if_changed),
            Action::RepairCameTo(stage) => self.repair_came_to(stage),
            Action::OpenChanges => self.open_changes(),
            Action::ChangesArrived(changes) => self.take_changes(changes),
            Action::DeleteBackups => {
                self.running.insert(JobKind::Changes);
                vec![Effect::DeleteBackups]
            }
            Action::CopyCommand(command) => {
                self.notice = Some(Notice::CommandCopied);
                vec![Effect::Copy(command)]
            }
            Action::Escape => {
                self.close_topmost();
                Vec::new()
            }
            Action::DismissNotice => {
                self.notice = None;
                Vec::new()
            }
            Action::PageNotOpened(url) if self.was_sign_in_page(&url) => Vec::new(),
            Action::PageNotOpened(url) => {
                self.notice = Some(Notice::PageNotOpened(url));
                Vec::new()
            }
            Action::SignInClicked(click) => self.sign_in_click(click),
            Action::SignIn(event) => self.sign_in_heard(event),
            Action::TerminalOpened(opened) => {
                if !opened {
                    self.notice = Some(Notice::TerminalNotOpened);
                }
                Vec::new()
            }
            Action::ProjectsArrived(projects) => {
                self.running.remove(&JobKind::Projects);
                let last = projects.first().map(|project| project.path.clone());
                self.projects = projects;
                if self.project.is_none() && self.report.is_none() && !self.is_running(JobKind::Scan) {
                    self.project = last;
                    return self.scan(ShellUse::Known);
                }
                if self.whole_report().is_some() { self.fill_table() } else { Vec::new() }
            }
            Action::PartArrived(report) => {
                self.take_part(report);
                Vec::new()
            }
            Action::ReportArrived(kind, report) => {
                self.running.remove(&kind);
                self.show(report);
                self.settle_anew();
                let outcome = self.report.as_ref().map(|report| report.live.outcome);
                self.proved = kind == JobKind::Test && matches!(outcome, Some(Outcome::Verified | Outcome::Limited));
                if kind == JobKind::Test {
                    self.take_proof();
                }
                // Of what a test says nothing stands in the table.
                let mut effects = if kind == JobKind::Scan { self.fill_table() } else { Vec::new() };
                effects.extend(self.test_what_was_written());
                effects
            }
            Action::ExplanationArrived(explanation) => {
                self.running.remove(&JobKind::Explain);
                if let Some(paste) = &mut self.paste {
                    paste.explanation = Some(explanation);
                }
                Vec::new()
            }
            Action::WhatIfArrived(instance, answer) => {
                self.running.remove(&JobKind::WhatIf);
                if let Some(open) = self.what_if.take().filter(|open| open.instance == instance) {
                    self.what_if = answer.map(|answer| WhatIf { answer: Some(answer), ..open });
                }
                Vec::new()
            }
            Action::HelpdeskTextArrived(text) => {
                self.running.remove(&JobKind::HelpdeskText);
                self.notice = Some(Notice::Copied);
                vec![Effect::Copy(text)]
            }
            Action::HelpdeskTextHeldBack => {
                self.running.remove(&JobKind::HelpdeskText);
                self.notice = Some(Notice::HeldBack);
                Vec::new()
            }
            // Begun again it would break off again; coming back to the window is noticed all the same.
            Action::JobBroke(JobKind::Watch) => Vec::new(),
            Action::JobBroke(kind) => {
                self.running.remove(&kind);
                self.what_if = self.what_if.take().filter(|_| kind != JobKind::WhatIf);
                self.sign_in = self.sign_in.take().filter(|_| kind != JobKind::SignIn);
                let of_a_walkthrough = matches!(
                    kind,
                    JobKind::Repair | JobKind::Key | JobKind::Provider | JobKind::Install | JobKind::Certificate
                );
                if of_a_walkthrough {
                    self.repairing = self.repairing.take().filter(|_| kind != JobKind::Repair);
                    self.walkthrough = self.walkthrough.take().filter(|open| open.kind() == WalkthroughKind::SignIn);
                }
                self.notice = Some(Notice::JobBroke(kind));
                if kind == JobKind::Git {
                    return self.key_news(KeyNews::Git(None));
                }
                if kind == JobKind::Projects && self.report.is_none() && !self.is_running(JobKind::Scan) {
                    return self.scan(ShellUse::Known);
                }
                Vec::new()
            }
        }
    }

    fn examine(&mut self, project: Option<PathBuf>, context: Context) -> Vec<Effect> {
        if self.project == project && self.context == context && self.report.is_some() && !self.outdated {
            return self.scan(ShellUse::Known);
        }
        (self.project, self.context) = (project, context);
        self.chosen_cause = None;
        self.outdated = self.report.is_some();
        self.table_outdated = true;
        self.scan(ShellUse::Known)
    }

    /// Examines a folder that the person added.
    fn add(&mut self, folder: PathBuf) -> Vec<Effect> {
        self.folder_dialog = None;
        if !self.added.contains(&folder) {
            self.added.push(folder.clone());
        }
        self.examine(Some(folder), self.context)
    }

    /// Comes after the verdict: many folders take a while.
    fn fill_table(&mut self) -> Vec<Effect> {
        self.stop_table.stop();
        self.stop_table = StopFlag::default();
        self.table_begins = true;
        self.running.insert(JobKind::Table);
        let known = self.projects.iter().map(|project| &project.path);
        vec![Effect::FillTable(TableRequest {
            project: self.project.clone(),
            context: self.context,
            folders: known.chain(&self.added).cloned().collect(),
            may_open: self.may_open,
            files_only: self.files_only,
            stop: self.stop_table.clone(),
        })]
    }

    fn scan(&mut self, shell: ShellUse) -> Vec<Effect> {
        self.stop_table.stop();
        self.running.remove(&JobKind::Table);
        self.begin(JobKind::Scan);
        (self.by_itself, self.looks_next) = (false, None);
        let shell = if self.files_only { ShellUse::FilesOnly } else { shell };
        let (project, stop) = (self.project.clone(), self.stop.clone());
        vec![Effect::Scan(ScanRequest { project, context: self.context, shell, stop })]
    }

    fn test(&mut self, consents: Vec<Consent>) -> Vec<Effect> {
        self.begin(JobKind::Test);
        self.agreed.clone_from(&consents);
        vec![Effect::Test(TestRequest {
            project: self.project.clone(),
            context: self.context,
            files_only: self.files_only,
            consents,
            stop: self.stop.clone(),
        })]
    }

    /// A scan and a test both end in a report: the newer one ends the other.
    fn begin(&mut self, kind: JobKind) {
        self.stop.stop();
        self.stop = StopFlag::default();
        self.running.remove(&JobKind::Scan);
        self.running.remove(&JobKind::Test);
        self.running.insert(kind);
        self.notice = None;
        self.consent_question = None;
        self.agreed.clear();
        // What has changed until now is seen by this look, and by that of a test, which does not ask the shell.
        self.looks_next = self.looks_next.filter(|shell| kind == JobKind::Test && *shell == ShellUse::Again);
    }

    /// A part fills an empty screen, or goes on with the test. It never takes away what a whole report showed.
    fn take_part(&mut self, part: Arc<Report>) {
        let first = self.report.is_none();
        if self.is_running(JobKind::Test) {
            self.show(part);
        } else if self.outdated || self.partial || first {
            self.show(part);
            self.partial = true;
        }
    }

    fn show(&mut self, report: Arc<Report>) {
        (self.outdated, self.partial) = (false, false);
        self.open_rungs.retain(|open| report.ladder.iter().any(|rung| rung.instance == *open));
        self.what_if = None;
        self.report = Some(report);
    }

    fn close_topmost(&mut self) {
        if self.consent_question.take().is_some() || self.folder_dialog.take().is_some() {
            return;
        }
        if self.close_repair() || self.changes.take().is_some() || self.close_walkthrough() {
            return;
        }
        if self.notice.take().is_some() || self.paste.take().is_some() {
            return;
        }
        if self.what_if.take().is_some() {
            return;
        }
        if self.close_sign_in() {
            return;
        }
        if self.is_running(JobKind::Test) {
            self.stop.stop();
        }
    }
}

/// How much a cause's light asks to be looked at.
fn light_rank(cause: &CauseReport) -> u8 {
    match (cause.light, cause.reason) {
        (Light::Red, _) => 5,
        (Light::Blue, _) => 4,
        (Light::Amber, _) => 3,
        (Light::Grey, Some(GreyReason::NotInUse)) | (Light::Green, _) => 0,
        (Light::Grey, Some(GreyReason::CouldNotLook)) => 2,
        (Light::Grey, _) => 1,
    }
}

/// The folder that was typed: without the quotation marks that file managers and shells put around a copied path.
fn typed_path(text: &str) -> Option<PathBuf> {
    let trimmed = text.trim();
    let bare = ['"', '\'']
        .iter()
        .find_map(|mark| trimmed.strip_prefix(*mark).and_then(|rest| rest.strip_suffix(*mark)))
        .unwrap_or(trimmed);
    (!bare.is_empty()).then(|| Path::new(bare).to_path_buf())
}

#[cfg(test)]
#[path = "../../../tests/window/reports.rs"]
#[allow(dead_code, missing_docs)]
mod reports;

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::matrix::table::TableRow;

    fn shown(report: Report) -> State {
        let mut state = State::new(Some(PathBuf::from("/home/kim/shop")), None, Context::ALL.to_vec());
        state.update(Action::Start);
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(report)));
        state
    }

    #[test]
    fn without_a_folder_the_last_project_is_examined() {
        let mut state = State::new(None, None, Context::ALL.to_vec());
        assert!(matches!(state.update(Action::Start)[..], [Effect::FindProjects]));
        assert!(state.is_looking());
        let folder = |path: &str| ProjectEntry { path: path.into(), name: path.to_owned() };
        let effects = state.update(Action::ProjectsArrived(vec![folder("/last"), folder("/before")]));
        assert!(matches!(&effects[..], [Effect::Scan(request)] if request.project == Some(PathBuf::from("/last"))));
    }

    #[test]
    fn checking_again_keeps_the_list() {
        let mut state = shown(reports::key_shadows_login());
        assert!(matches!(state.update(Action::CheckAgain)[..], [Effect::Scan(_)]));
        state.update(Action::PartArrived(Arc::new(reports::part(&reports::healthy(), 2))));
        assert_eq!(state.report.as_deref().unwrap().causes.len(), 9, "a part must not take lights away");
        assert!(state.is_looking());
    }

    #[test]
    fn another_folder_is_shown_as_it_arrives() {
        let mut state = shown(reports::key_shadows_login());
        state.update(Action::ChooseCause(Cause::Key));
        state.update(Action::ChooseProject(Some(PathBuf::from("/elsewhere"))));
        assert!(state.is_outdated());
        assert_eq!(state.chosen_cause, None);
        assert!(state.update(Action::Test).is_empty(), "the old route must not be tested for the new folder");
        state.update(Action::PartArrived(Arc::new(reports::part(&reports::healthy(), 2))));
        assert_eq!(state.report.as_deref().unwrap().causes.len(), 2);
        assert!(!state.is_outdated());
        assert!(state.whole_report().is_none() && state.test_offer().is_none(), "a part has no verdict yet");
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::healthy())));
        assert!(state.whole_report().is_some());
    }

    /// The state after a test with this end, and whatever else is different.
    fn tested(outcome: Outcome, change: impl FnOnce(&mut Report)) -> State {
        let mut report = reports::verified();
        report.live.outcome = outcome;
        change(&mut report);
        let mut state = shown(report.clone());
        state.update(Action::Test);
        state.update(Action::ReportArrived(JobKind::Test, Arc::new(report)));
        state
    }

    #[test]
    fn what_costs_or_goes_further_is_offered_where_it_tells_more_and_asked_about() {
        let mut state = tested(Outcome::Verified, |_| ());
        assert_eq!(state.further_tests(), [Consent::OneToken]);
        assert!(state.update(Action::TestFurther(Consent::OtherHeader)).is_empty() && state.consent_question.is_none());
        assert!(state.update(Action::TestFurther(Consent::OneToken)).is_empty());
        let effects = state.update(Action::AnswerConsent(true));
        assert!(matches!(&effects[..], [Effect::Test(request)] if request.consents == [Consent::OneToken]));

        let at = |provider| move |report: &mut Report| report.route.provider = provider;
        assert_eq!(tested(Outcome::Rejected, at(Provider::Gateway)).further_tests(), [Consent::OtherHeader]);
        assert_eq!(tested(Outcome::Rejected, at(Provider::Anthropic)).further_tests(), []);

        let mut state = tested(Outcome::ServerError, at(Provider::Anthropic));
        assert_eq!(state.further_tests(), [Consent::ServiceStatus]);
        let effects = state.update(Action::TestFurther(Consent::ServiceStatus));
        assert!(matches!(&effects[..], [Effect::Test(request)] if request.consents == [Consent::ServiceStatus]));
    }

    #[test]
    fn the_running_stage_follows_the_last_row_and_the_route() {
        let mut report = reports::key_shadows_login();
        report.live.stages.clear();
        let mut state = shown(report.clone());
        assert_eq!(state.running_stage(), None, "nothing is running");
        state.update(Action::Test);
        let mut after = |last: Option<Stage>, url: &str| {
            report.route.endpoint.url = Some(url.to_owned());
            let row = |stage| authlight_core::report::StageRow { stage, ..reports::verified().live.stages[0].clone() };
            report.live.stages = last.into_iter().map(row).collect();
            state.update(Action::PartArrived(Arc::new(report.clone())));
            state.running_stage()
        };
        for (last, http, https) in [
            (None, Some(Stage::Dns), Some(Stage::Dns)),
            (Some(Stage::Dns), Some(Stage::Tcp), Some(Stage::Tcp)),
            (Some(Stage::Tcp), Some(Stage::Http), Some(Stage::Tls)),
            (Some(Stage::Tls), Some(Stage::Http), Some(Stage::Http)),
            (Some(Stage::Quota), None, None),
        ] {
            assert_eq!(
                (after(last, "http://127.0.0.1:1"), after(last, "https://gw.example")),
                (http, https),
                "{last:?}"
            );
        }
    }

    #[test]
    fn a_folders_own_endpoint_needs_a_word_for_this_run_alone() {
        let mut state = shown(reports::project_redirect());
        let asked = vec![Consent::ProjectEndpoint { host: "gw.example".to_owned() }];
        for _ in 0..2 {
            let effects = state.update(Action::Test);
            assert!(matches!(&effects[..], [Effect::Test(request)] if request.consents.is_empty()));
            state.update(Action::ConsentNeeded(asked.clone()));
            assert!(!state.is_running(JobKind::Test));
            assert_eq!(state.consent_question, Some(asked.clone()));
            let effects = state.update(Action::AnswerConsent(true));
            assert!(matches!(&effects[..], [Effect::Test(request)] if request.consents == asked));
            state.update(Action::ReportArrived(JobKind::Test, Arc::new(reports::project_redirect())));
        }
        state.update(Action::Test);
        state.update(Action::ConsentNeeded(asked));
        assert!(state.update(Action::AnswerConsent(false)).is_empty());
        assert!(!state.is_running(JobKind::Test));
    }

    #[test]
    fn a_login_is_never_offered_as_a_key() {
        assert_eq!(shown(reports::healthy()).test_offer(), Some(TestOffer::Connection));
        assert_eq!(shown(reports::key_shadows_login()).test_offer(), Some(TestOffer::Key));
        let mut nothing = reports::nothing_configured();
        assert_eq!(shown(nothing.clone()).test_offer(), None);
        nothing.route.provider = Provider::Bedrock;
        assert_eq!(shown(nothing).test_offer(), Some(TestOffer::Connection), "its sign-in need not show");
        assert!(shown(reports::healthy()).waits_for_test());
        assert!(!shown(reports::key_shadows_login()).waits_for_test());
    }

    #[test]
    fn a_new_scan_stops_the_test() {
        let mut state = shown(reports::key_shadows_login());
        let effects = state.update(Action::Test);
        let [Effect::Test(request)] = &effects[..] else { panic!("{effects:?}") };
        state.update(Action::CheckAgain);
        assert!(request.stop.shared().load(Ordering::Relaxed));
        assert!(!state.is_running(JobKind::Test));
    }

    #[test]
    fn the_shown_cause_is_the_chosen_one_else_the_first_of_the_worst() {
        let mut state = shown(reports::key_shadows_login());
        assert_eq!(state.shown_cause(), Cause::Scope);
        let mut report = reports::key_shadows_login();
        report.verdict.cause = None;
        report.causes[4].light = Light::Amber;
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(report)));
        assert_eq!(state.shown_cause(), Cause::Environment);
        state.update(Action::ChooseCause(Cause::Endpoint));
        assert_eq!(state.shown_cause(), Cause::Endpoint);
    }

    #[test]
    fn escape_closes_one_thing_at_a_time() {
        let mut state = shown(reports::project_redirect());
        state.update(Action::TogglePaste);
        state.update(Action::Test);
        state.update(Action::ConsentNeeded(vec![Consent::PlainHttp { host: "gw.example".to_owned() }]));
        state.update(Action::Escape);
        assert!(state.consent_question.is_none() && state.paste.is_some());
        state.update(Action::Escape);
        assert!(state.paste.is_none());
    }

    #[test]
    fn an_explanation_belongs_to_the_text_that_was_asked_about() {
        let mut state = shown(reports::healthy());
        state.update(Action::TogglePaste);
        assert!(state.update(Action::Explain).is_empty(), "there is nothing to explain");
        state.update(Action::PasteTyped("401".to_owned()));
        assert!(matches!(&state.update(Action::Explain)[..], [Effect::Explain(text)] if text == "401"));
        state.update(Action::ExplanationArrived(ExplanationText { recognised: true, ..Default::default() }));
        state.update(Action::PasteTyped("403".to_owned()));
        assert_eq!(state.paste.as_ref().unwrap().explanation, None);
    }

    #[test]
    fn what_would_be_belongs_to_the_report_that_it_was_asked_of() {
        let mut state = shown(reports::key_shadows_login());
        let key = state.report.as_ref().unwrap().ladder[0].instance.clone();
        let run = state.report.as_ref().unwrap().run.id.clone();
        let ask = |state: &mut State| state.update(Action::WhatIf(AskedAt::Ladder, key.clone()));
        let answer = |instance: &Instance| Action::WhatIfArrived(instance.clone(), Some(vec!["This.".to_owned()]));
        assert!(
            matches!(&ask(&mut state)[..], [Effect::WhatIf { run: of, instance }] if *of == run && *instance == key)
        );
        state.update(answer(&key));
        assert_eq!(state.what_if.as_ref().unwrap().answer.as_deref(), Some(&["This.".to_owned()][..]));
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::healthy())));
        assert_eq!(state.what_if, None, "a new report came");
        ask(&mut state);
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::healthy())));
        state.update(answer(&key));
        assert_eq!(state.what_if, None, "the answer comes too late");
        ask(&mut state);
        assert!(ask(&mut state).is_empty() && state.what_if.is_none(), "asked again it closes");
        ask(&mut state);
        state.update(Action::JobBroke(JobKind::WhatIf));
        assert!(state.what_if.is_none() && !state.is_running(JobKind::WhatIf));
    }

    #[test]
    fn a_broken_job_keeps_what_was_known() {
        let mut state = shown(reports::healthy());
        state.update(Action::CheckAgain);
        state.update(Action::JobBroke(JobKind::Scan));
        assert!(state.report.is_some() && !state.is_looking());
        assert_eq!(state.notice, Some(Notice::JobBroke(JobKind::Scan)));
    }

    #[test]
    fn the_table_is_filled_after_the_verdict_and_begins_anew_for_another_cell() {
        let mut state = State::new(Some(PathBuf::from("/home/kim/shop")), None, Context::ALL.to_vec());
        state.update(Action::Start);
        let folder = |path: &str| ProjectEntry { path: path.into(), name: path.to_owned() };
        assert!(state.update(Action::ProjectsArrived(vec![folder("/blog")])).is_empty(), "the verdict goes first");
        let effects = state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::healthy())));
        let [Effect::FillTable(first)] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!((&first.folders[..], first.may_open), (&[PathBuf::from("/blog")][..], false));
        let row = |path: &str| TableRow { folder: Some(path.into()), name: path.to_owned(), cells: Vec::new() };
        state.update(Action::RowsArrived(vec![row("/home/kim/shop")]));
        state.update(Action::RowsArrived(vec![row("/blog")]));
        assert_eq!(state.table.len(), 2);

        state.update(Action::ChooseCell(Some("/blog".into()), Context::Desktop));
        assert!(first.stop.shared().load(Ordering::Relaxed) && state.is_table_outdated());
        state.update(Action::RowsArrived(vec![row("/late")]));
        assert_eq!(state.table.len(), 2, "what was known stays until there is something new");
        state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::healthy())));
        state.update(Action::RowsArrived(vec![row("/blog")]));
        assert_eq!((state.table.len(), state.is_table_outdated()), (1, false));
    }

    #[test]
    fn a_folder_that_was_added_stays_in_the_table_and_closed_ones_are_opened_on_a_word() {
        let mut state = shown(reports::healthy());
        state.update(Action::FolderBrowsed(Some("/added".into())));
        state.update(Action::ChooseProject(None));
        let effects = state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::healthy())));
        assert!(
            matches!(&effects[..], [Effect::FillTable(asked)] if asked.folders == [PathBuf::from("/added")]),
            "{effects:?}"
        );
        let effects = state.update(Action::OpenAllFolders);
        assert!(matches!(&effects[..], [Effect::FillTable(asked)] if asked.may_open), "{effects:?}");
        let effects = state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::healthy())));
        assert!(matches!(&effects[..], [Effect::FillTable(asked)] if asked.may_open), "it is asked once");
    }

    #[test]
    fn a_copied_path_may_stand_in_quotation_marks() {
        let mut state = shown(reports::healthy());
        state.update(Action::OpenFolderDialog);
        state.update(Action::FolderTyped("  \"C:\\Work\\My shop\" ".to_owned()));
        state.update(Action::UseTypedFolder);
        assert_eq!(state.project, Some(PathBuf::from("C:\\Work\\My shop")));
        state.update(Action::OpenFolderDialog);
        state.update(Action::FolderTyped("  ".to_owned()));
        assert!(state.update(Action::UseTypedFolder).is_empty() && state.folder_dialog.is_some());
    }
}
