//! What goes into the state and what comes out of it: actions, effects, and what they carry.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use authlight_core::fixes::reset::Part;
use authlight_core::report::{Cause, Context, Instance, Provider, Report};

use super::repairs::{Changes, IfChanged, RepairAsked, RepairStage};
use super::sign_in::{SignInClick, SignInRequest};
use super::walkthrough::certificate::{CertificateAsked, CertificateClick, CertificateNews};
use super::walkthrough::install::{InstallClick, InstallNews};
use super::walkthrough::key::{KeyClick, KeyHandedOver, KeyNews, KeyTest};
use super::walkthrough::provider::{ProviderAsked, ProviderClick, ProviderNews, ProviderTest};
use super::walkthrough::{Cell, Go, ResetAsked, ResetPlan, SignInChoices, WalkthroughKind};
use crate::act::sign_in::{Launch, SignInEvent};
use crate::live::Consent;
use crate::matrix::table::{TableRequest, TableRow};

/// What a person did, or a job found.
#[derive(Clone, Debug)]
pub enum Action {
    /// The window opened.
    Start,
    /// Look again.
    CheckAgain,
    /// Examine this folder, or none.
    ChooseProject(Option<PathBuf>),
    /// Open the dialog for a folder.
    OpenFolderDialog,
    /// Ask with the system's own dialog.
    BrowseFolder,
    /// What that dialog gave back.
    FolderBrowsed(Option<PathBuf>),
    /// A path was typed.
    FolderTyped(String),
    /// Take the typed path.
    UseTypedFolder,
    /// See it as this context does.
    ChooseContext(Context),
    /// Examine this folder as this context sees it.
    ChooseCell(Option<PathBuf>, Context),
    /// Open the folders too for which the system asks.
    OpenAllFolders,
    /// Look into no further folders.
    StopTable,
    /// Rows of the table; the chosen folder's comes first.
    RowsArrived(Vec<TableRow>),
    /// There are no more of them.
    TableFilled,
    /// Ask the person's shell what a new terminal has, or read its files alone.
    AskShell(bool),
    /// Show this cause.
    ChooseCause(Cause),
    /// Open or close a rung of the ladder.
    ToggleRung(Instance),
    /// What would be without this? Asked again: close the answer.
    WhatIf(AskedAt, Instance),
    /// Run the live test.
    Test,
    /// Ask for the person's word for more than the test does by itself: a message that costs a token, another header.
    TestFurther(Consent),
    /// The test has not begun: it needs the person's word for this first.
    ConsentNeeded(Vec<Consent>),
    /// The answer to that question.
    AnswerConsent(bool),
    /// Stop the live test.
    StopTest,
    /// Open or close the box for an error message.
    TogglePaste,
    /// Something was typed or pasted into it.
    PasteTyped(String),
    /// What does it mean?
    Explain,
    /// Copy the report for the helpdesk.
    CopyForHelpdesk,
    /// Open a help page.
    OpenHelp(String),
    /// Show the plan of this fix for what it mends.
    OpenRepair(String, Instance),
    /// Do what the plan on the screen says.
    DoRepair,
    /// Take a change back; and what becomes of files that something else has changed since.
    UndoChange(String, IfChanged),
    /// How far the repair is.
    RepairCameTo(RepairStage),
    /// Show what was changed.
    OpenChanges,
    /// What was changed.
    ChangesArrived(Changes),
    /// Delete what is kept of files as they were.
    DeleteBackups,
    /// Copy a command of the plan.
    CopyCommand(String),
    /// Close what is open.
    Escape,
    /// Take a notice away.
    DismissNotice,
    /// This page could not be opened.
    PageNotOpened(String),
    /// The folders, the last one first.
    ProjectsArrived(Vec<ProjectEntry>),
    /// A part of a report; more will come.
    PartArrived(Arc<Report>),
    /// A whole report, of this kind of job.
    ReportArrived(JobKind, Arc<Report>),
    /// What the pasted message means.
    ExplanationArrived(ExplanationText),
    /// What would be different without this, in sentences. None: the report that it was asked of is gone.
    WhatIfArrived(Instance, Option<Vec<String>>),
    /// The text for the helpdesk.
    HelpdeskTextArrived(String),
    /// There is none: it would have carried a secret.
    HelpdeskTextHeldBack,
    /// The person is back at the window: it has the keyboard again.
    CameBack,
    /// A file that the report was made of has changed; and how the shell is to be asked now.
    FilesChanged(ShellUse),
    /// Nobody watches the files any more.
    WatchEnded,
    /// Open a walkthrough.
    OpenWalkthrough(WalkthroughKind),
    /// Go on in the walkthrough that is open, back, past a step, or out.
    Go(Go),
    /// Something about a new key was clicked.
    Key(KeyClick),
    /// Something was found about it.
    KeyNews(KeyNews),
    /// Something about a provider was clicked.
    Provider(ProviderClick),
    /// Something was found about it.
    ProviderNews(ProviderNews),
    /// Something about installing Claude Code was clicked.
    Install(InstallClick),
    /// Something was found about it.
    InstallNews(InstallNews),
    /// Something about a company's certificate was clicked.
    Certificate(CertificateClick),
    /// Something was found about it.
    CertificateNews(CertificateNews),
    /// What the system's dialog for a file gave back.
    FileBrowsed(Option<PathBuf>),
    /// The plan of the credential reset, or why there is none.
    ResetPlanned(Result<ResetPlan, String>),
    /// Put this part away too, or leave it.
    TickReset(Part),
    /// Login files that were set aside, and are of no use any more.
    OldLoginsFound(Vec<String>),
    /// Delete them.
    DeleteOldLogins,
    /// What came of that.
    OldLoginsDeleted(Result<(), String>),
    /// What was chosen about signing in.
    ChooseSignIn(SignInChoices),
    /// Something about signing in was clicked.
    SignInClicked(SignInClick),
    /// Something happened while somebody signs in.
    SignIn(SignInEvent),
    /// Whether the terminal opened.
    TerminalOpened(bool),
    /// A job broke off.
    JobBroke(JobKind),
}

/// What has to be done in the world.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Find the known folders.
    FindProjects,
    /// Look.
    Scan(ScanRequest),
    /// Test.
    Test(TestRequest),
    /// Find what signs in for every folder and context.
    FillTable(TableRequest),
    /// Let the person choose a folder in the system's dialog.
    ChooseFolder,
    /// Write the text for the helpdesk.
    WriteHelpdeskText(Arc<Report>),
    /// Put a text into the clipboard.
    Copy(String),
    /// Open a page in the browser.
    Open(String),
    /// Sign in.
    SignIn(SignInRequest),
    /// Watch the files that the report was made of, until this says stop.
    Watch(StopFlag),
    /// Open a terminal.
    OpenTerminal(Launch),
    /// Make the plan of a repair.
    PlanRepair(RepairAsked),
    /// Carry out the plan with this token.
    Repair(String),
    /// Find where a key can be put.
    FindPutPlaces(Cell),
    /// Take a new key in.
    TakeKey(KeyHandedOver),
    /// Test it, or the one that it takes the place of.
    TestKey(KeyTest),
    /// Look whether the old one stands in the history of git.
    FindInGit(String, StopFlag),
    /// Make the plan of writing it.
    PlanKey {
        /// The key that was taken in.
        token: String,
        /// The places that keep the old one.
        leave: Vec<String>,
        /// Whether Claude Code is to use it without asking.
        approve: bool,
    },
    /// Write it, as the plan on the screen says.
    WriteKey(String),
    /// Find out what a provider needs.
    AskForProvider(Cell, Provider),
    /// Make the plan of setting it up.
    PrepareProvider(ProviderAsked),
    /// Test what is planned.
    TestProvider(ProviderTest),
    /// Set it up, as the plan on the screen says.
    SetProviderUp(ProviderTest),
    /// Find the ways to install Claude Code.
    FindWays {
        /// Where.
        cell: Cell,
        /// Whether Node may be asked for its version.
        ask_node: bool,
        /// Set when the answer is no longer wanted.
        stop: StopFlag,
    },
    /// Ask Claude Code who is signed in.
    AskStatus(Cell, StopFlag),
    /// Look at the certificate that the endpoint shows.
    SeekCertificate(CertificateAsked),
    /// Find the root for it.
    FindRoot {
        /// The certificate that was looked at.
        token: String,
        /// The file that the person named; none: the system's store.
        file: Option<PathBuf>,
    },
    /// Make the plan of giving it to Claude Code.
    PlanCertificate(String),
    /// Carry out the plan with this token.
    SetCertificate(String),
    /// Let the person choose a file in the system's dialog.
    ChooseFile,
    /// Make the plan of the credential reset.
    PlanReset(ResetAsked),
    /// Carry out these parts of the plan with this token.
    Reset {
        /// The plan.
        token: String,
        /// What of it.
        parts: Vec<Part>,
    },
    /// Find login files that were set aside.
    FindOldLogins(Cell),
    /// Delete them.
    DeleteOldLogins(Cell, Vec<String>),
    /// Take a change back.
    UndoChange(String, IfChanged),
    /// Find what was changed.
    FindChanges,
    /// Delete what is kept of files as they were.
    DeleteBackups,
    /// Find out what a message means.
    Explain(String),
    /// Find out what would be without this, of the report of this run.
    WhatIf {
        /// The run's name.
        run: String,
        /// What is left out.
        instance: Instance,
    },
}

/// A folder that Claude Code has worked in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectEntry {
    /// The folder.
    pub path: PathBuf,
    /// How it is shown: below the home as `~/…`.
    pub name: String,
}

/// Says "stop" to a job that is still running.
#[derive(Clone, Debug, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// Asks the job to end at the next safe place.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked it.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The flag itself, for readers that take an `AtomicBool`.
    pub fn shared(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
}

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct ScanRequest {
    /// The project folder as chosen or typed (`~/…` is possible); none: no project is examined.
    pub project: Option<PathBuf>,
    /// Whose environment.
    pub context: Context,
    /// Whether the person's shell may be asked what a new terminal has.
    pub shell: ShellUse,
    /// Set when the answer is no longer wanted.
    pub stop: StopFlag,
}

/// What of the person's shell may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShellUse {
    /// What it said before; where it was not asked yet, it is.
    #[default]
    Known,
    /// It is asked again.
    Again,
    /// Its files alone.
    FilesOnly,
}

/// What to test, and what the person agreed to, for this run alone.
#[derive(Clone, Debug, Default)]
pub struct TestRequest {
    /// The project folder, as in [`ScanRequest`].
    pub project: Option<PathBuf>,
    /// Whose environment.
    pub context: Context,
    /// Of the new terminal, the files alone count, as in the report on the screen.
    pub files_only: bool,
    /// What the person agreed to.
    pub consents: Vec<Consent>,
    /// Set when the person stops the test.
    pub stop: StopFlag,
}

/// Where on the screen it was asked what would be without something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedAt {
    /// In a row of the ladder.
    Ladder,
    /// At a finding.
    Finding,
}

/// What a pasted message means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExplanationText {
    /// Whether it is known.
    pub recognised: bool,
    /// One sentence.
    pub headline: String,
    /// What it can mean here, the likeliest first.
    pub meanings: Vec<MeaningText>,
}

/// One meaning of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct MeaningText {
    /// When it is this one.
    pub when: String,
    /// What to do.
    pub to_do: String,
    /// The cause, where it is a matter of signing in.
    pub cause: Option<Cause>,
    /// The finding's code.
    pub code: Option<String>,
}

/// A kind of job. Of each kind one runs at a time; the newest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JobKind {
    /// Which folders are known.
    Projects,
    /// Looking.
    Scan,
    /// The live test.
    Test,
    /// What signs in for every folder and context.
    Table,
    /// What a message means.
    Explain,
    /// What would be without something.
    WhatIf,
    /// A repair: planning, doing, taking back.
    Repair,
    /// What was changed.
    Changes,
    /// The text for the helpdesk.
    HelpdeskText,
    /// A new key: taking it in, testing it, planning.
    Key,
    /// Setting a provider up: what it needs, the plan, the test.
    Provider,
    /// Looking through the history of git.
    Git,
    /// Installing Claude Code: the ways, and what it says of itself.
    Install,
    /// A company's certificate: looking, the root, planning.
    Certificate,
    /// Login files that were set aside.
    OldLogins,
    /// Signing in.
    SignIn,
    /// Opening a terminal.
    Terminal,
    /// Watching files.
    Watch,
}
