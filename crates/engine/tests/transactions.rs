//! Changes on a real disk: made, taken back, cut off, in each other's way. What dies and what fails at every system call is
//! in `tests/repairs/faults.py`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may stop where it stands

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use authlight_core::fixes::edit::{Command, Program};
use authlight_core::fixes::{Edit, FileChange};
use authlight_core::json::edit::Change;
use authlight_core::secret::Secret;
use authlight_core::snapshot::Platform;
use authlight_engine::act::change::transaction::{Hands, Occasion};
use authlight_engine::act::change::undo::{self, IfChanged, UndoError};
use authlight_engine::act::change::{ApplyError, Noted, Plan, PlanError, State, Store, apply, plan, recover};
use authlight_engine::machine::os::Disk;
use proptest::prelude::*;
use tempfile::TempDir;

const HERE: Platform = if cfg!(windows) { Platform::Windows } else { Platform::Linux };

/// Variables of a person on a machine that is not there.
#[derive(Default)]
struct Variables {
    is: RefCell<BTreeMap<String, String>>,
    refuse: Cell<bool>,
    /// Of which kind each was that was put back.
    restored: RefCell<Vec<bool>>,
    /// A lock of Claude Code's, and whether it was held at each step and when a program ran.
    lock: RefCell<Option<PathBuf>>,
    held: RefCell<Vec<bool>>,
}

impl Variables {
    fn look_at_the_lock(&self) {
        if let Some(lock) = &*self.lock.borrow() {
            self.held.borrow_mut().push(lock.exists());
        }
    }
}

impl Hands for Variables {
    fn user_variable(&self, name: &str) -> io::Result<Option<Secret>> {
        Ok(self.is.borrow().get(name).map(Secret::new))
    }

    fn user_variable_expands(&self, name: &str) -> bool {
        self.is.borrow().get(name).is_some_and(|value| value.contains('%'))
    }

    fn restore_user_variable(&self, name: &str, value: Option<&Secret>, expands: bool) -> io::Result<()> {
        self.restored.borrow_mut().push(expands);
        self.set_user_variable(name, value)
    }

    #[allow(clippy::disallowed_methods)]
    fn set_user_variable(&self, name: &str, value: Option<&Secret>) -> io::Result<()> {
        if self.refuse.get() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        match value {
            Some(value) => drop(self.is.borrow_mut().insert(name.to_owned(), value.reveal().to_owned())),
            None => drop(self.is.borrow_mut().remove(name)),
        }
        Ok(())
    }

    fn progress(&self, _: usize) {
        self.look_at_the_lock();
    }

    fn run(&self, _: &Command) -> Result<(), String> {
        self.look_at_the_lock();
        Err("it ended with 1".to_owned())
    }
}

struct Bench {
    folder: TempDir,
    store: Store,
    hands: Variables,
    made: Cell<usize>,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("home")).unwrap();
        let store = Store::in_folder(folder.path().join("store"));
        Self { folder, store, hands: Variables::default(), made: Cell::new(0) }
    }

    fn path(&self, name: &str) -> PathBuf {
        // On macOS the folder for temporary files lies behind a link; Windows' own names stay without a prefix.
        let folder =
            if cfg!(windows) { self.folder.path().to_owned() } else { self.folder.path().canonicalize().unwrap() };
        name.split('/').fold(folder.join("home"), |path, part| path.join(part))
    }

    fn inside(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn put(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path(name)).ok()
    }

    fn whole(&self, name: &str, text: &str) -> Edit {
        Edit::File { path: self.inside(name), change: FileChange::Whole(Secret::new(text)) }
    }

    fn gone(&self, name: &str) -> Edit {
        Edit::File { path: self.inside(name), change: FileChange::Gone }
    }

    fn plan(&self, edits: &[Edit]) -> Result<Plan, PlanError> {
        plan::of(edits, &Disk::running(HERE), "stamp")
    }

    fn occasion(&self) -> Occasion {
        self.made.set(self.made.get() + 1);
        let change = format!("change-{}", self.made.get());
        Occasion { change, utc: "2026-11-23T12:00:00Z".to_owned(), what: "F.example".to_owned() }
    }

    fn apply(&self, edits: &[Edit]) -> Result<String, ApplyError> {
        let plan = self.plan(edits).unwrap_or_else(|error| panic!("no plan: {error}"));
        apply(&plan, &self.store, &self.hands, &self.occasion()).map(|receipt| receipt.change)
    }

    fn undo(&self, change: Option<&str>, if_changed: IfChanged) -> Result<Vec<PathBuf>, UndoError> {
        undo::undo(&self.store, &self.hands, change, if_changed).map(|(_, left)| left)
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("store/journal.jsonl")
    }

    /// The bytes of every file of the store, and their names.
    fn kept(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut kept = Vec::new();
        let mut waiting = vec![self.folder.path().join("store")];
        while let Some(path) = waiting.pop() {
            match fs::read_dir(&path) {
                Ok(entries) => waiting.extend(entries.map(|entry| entry.unwrap().path())),
                Err(_) => kept.extend(fs::read(&path).ok().map(|bytes| (path, bytes))),
            }
        }
        kept
    }

    fn states(&self) -> Vec<State> {
        self.store.changes().unwrap().into_iter().map(|(_, state)| state).collect()
    }
}

fn token(word: &str) -> String {
    ["sk-ant-", "oat01-", word, &"z".repeat(60)].concat()
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt as _;
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn of_several_changes_of_one_file_the_later_is_undone_first() {
    let bench = Bench::new();
    bench.put("a", "one");
    let first = bench.apply(&[bench.whole("a", "two")]).unwrap();
    let second = bench.apply(&[bench.whole("a", "three")]).unwrap();
    match bench.undo(Some(&first), IfChanged::Ask) {
        Err(error @ UndoError::ChangedSince { .. }) => {
            assert!(error.to_string().contains(&format!("by the later change {second}")), "{error}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.text("a").as_deref(), Some("three"));
    bench.undo(None, IfChanged::Ask).unwrap();
    bench.undo(None, IfChanged::Ask).unwrap();
    assert_eq!(bench.text("a").as_deref(), Some("one"));
    assert!(matches!(bench.undo(None, IfChanged::Ask), Err(UndoError::NoSuchChange)));
    assert!(matches!(bench.undo(Some(&first), IfChanged::Ask), Err(UndoError::NoSuchChange)));
}

#[test]
fn what_something_else_changed_is_asked_about_before_anything_is_touched() {
    let bench = Bench::new();
    bench.put("a", "one");
    bench.put("b", "one");
    bench.apply(&[bench.whole("a", "two"), bench.whole("b", "two")]).unwrap();
    bench.put("a", "theirs");
    assert!(matches!(bench.undo(None, IfChanged::Ask), Err(UndoError::ChangedSince { by: None, .. })));
    assert_eq!(bench.text("b").as_deref(), Some("two"));
    assert_eq!(bench.undo(None, IfChanged::Keep).unwrap(), [bench.path("a")]);
    assert_eq!((bench.text("a").as_deref(), bench.text("b").as_deref()), (Some("theirs"), Some("one")));
}

#[test]
fn what_is_put_back_all_the_same_is_kept_unless_it_holds_a_login() {
    let bench = Bench::new();
    bench.put("a", "one");
    bench.apply(&[bench.whole("a", "two")]).unwrap();
    bench.put("a", &token("CANARY"));
    assert!(matches!(bench.undo(None, IfChanged::PutBack), Err(UndoError::HoldsLogin { .. })));
    assert_eq!(bench.text("a"), Some(token("CANARY")));
    bench.put("a", "theirs");
    bench.undo(None, IfChanged::PutBack).unwrap();
    assert_eq!(bench.text("a").as_deref(), Some("one"));
    let kept = bench.kept();
    assert!(kept.iter().any(|(path, bytes)| path.ends_with("0.since-0") && bytes == b"theirs"));
    assert!(!kept.iter().any(|(_, bytes)| memchr::memmem::find(bytes, b"CANARY").is_some()));
}

#[test]
fn of_a_file_with_a_login_only_what_is_changed_is_kept() {
    let bench = Bench::new();
    let text = format!("{{\"token\": \"{}\", \"env\": {{\"A\": \"1\", \"B\": \"2\"}}}}", token("CANARY"));
    bench.put("a", &text);
    let remove = |path: &[&str]| {
        let path = path.iter().map(|name| (*name).to_owned()).collect();
        Edit::json(bench.inside("a"), Change::Remove { path })
    };
    bench.apply(&[remove(&["env", "A"])]).unwrap();
    assert!(!bench.kept().iter().any(|(_, bytes)| memchr::memmem::find(bytes, b"CANARY").is_some()));
    let after = bench.text("a").unwrap();
    bench.put("a", &format!("{after} "));
    assert!(matches!(bench.undo(None, IfChanged::PutBack), Err(UndoError::HoldsLogin { .. })));
    bench.put("a", &after);
    bench.undo(None, IfChanged::Ask).unwrap();
    assert_eq!(bench.text("a"), Some(text.clone()));

    // Where the token itself goes, nothing is kept: that step comes last, and where it fails memory has the bytes.
    let plan = bench.plan(&[remove(&["token"]), bench.whole("b", "new")]).unwrap();
    assert_eq!(plan.irreversible().count(), 1);
    fs::create_dir(bench.path("b")).unwrap();
    assert!(apply(&plan, &bench.store, &bench.hands, &bench.occasion()).is_err());
    assert_eq!(bench.text("a"), Some(text));
    fs::remove_dir(bench.path("b")).unwrap();
    apply(&plan, &bench.store, &bench.hands, &bench.occasion()).unwrap();
    assert!(!bench.text("a").unwrap().contains("CANARY"));
    assert!(!bench.kept().iter().any(|(_, bytes)| memchr::memmem::find(bytes, b"CANARY").is_some()));
    assert!(matches!(bench.undo(None, IfChanged::Ask), Err(UndoError::NotKept { .. })));
    assert_eq!(bench.text("b").as_deref(), Some("new"));
    // A file with a login does not go at all.
    bench.put("c", &token("CANARY"));
    assert!(matches!(bench.plan(&[bench.gone("c")]), Err(PlanError::HoldsLogin { .. })));
}

#[test]
fn a_login_that_was_set_aside_comes_back_without_a_copy() {
    let bench = Bench::new();
    let aside = Edit::SetAside { path: bench.inside(".credentials.json") };
    bench.put(".credentials.json", "old login");
    bench.apply(std::slice::from_ref(&aside)).unwrap();
    assert_eq!(bench.text(".credentials.json"), None);
    bench.put(".credentials.json", "new login");
    assert!(matches!(bench.undo(None, IfChanged::Ask), Err(UndoError::ChangedSince { .. })));
    bench.undo(None, IfChanged::PutBack).unwrap();
    assert_eq!(bench.text(".credentials.json").as_deref(), Some("old login"));
    assert_eq!(bench.text(".credentials.json.set-aside-stamp-since").as_deref(), Some("new login"));
    assert!(!bench.kept().iter().any(|(_, bytes)| memchr::memmem::find(bytes, b"login").is_some()));

    bench.apply(&[aside]).unwrap();
    fs::remove_file(bench.path(".credentials.json.set-aside-stamp")).unwrap();
    let error = bench.undo(None, IfChanged::PutBack).unwrap_err();
    assert!(matches!(error, UndoError::Gone { .. }), "{error}");
}

#[test]
fn several_edits_of_one_file_are_one_step_by_whatever_name() {
    let bench = Bench::new();
    bench.put("a", "one");
    let plan = bench.plan(&[bench.whole("a", "two"), bench.whole("a", "three")]).unwrap();
    assert_eq!(plan.steps.len(), 1);
    assert!(matches!(bench.plan(&[bench.whole("a", "two"), bench.whole("a", "one")]), Err(PlanError::Nothing)));
    let aside = Edit::SetAside { path: bench.inside("a") };
    assert!(matches!(bench.plan(&[bench.whole("a", "two"), aside]), Err(PlanError::Twice { .. })));
}

#[cfg(unix)]
#[test]
fn links_stay_and_their_targets_are_replaced_once() {
    let bench = Bench::new();
    bench.put("dots/rc", "one");
    std::os::unix::fs::symlink("dots/rc", bench.path("rc")).unwrap();
    let plan = bench.plan(&[bench.whole("rc", "two"), bench.whole("dots/rc", "three")]).unwrap();
    assert_eq!(plan.steps.len(), 1);
    bench.apply(&[bench.whole("rc", "two")]).unwrap();
    assert!(fs::symlink_metadata(bench.path("rc")).unwrap().is_symlink());
    assert_eq!(bench.text("dots/rc").as_deref(), Some("two"));
    // A link where there was a file is somebody's change: what it leads to is none of ours.
    bench.put("other", "two");
    fs::remove_file(bench.path("dots/rc")).unwrap();
    std::os::unix::fs::symlink(bench.path("other"), bench.path("dots/rc")).unwrap();
    assert!(matches!(bench.undo(None, IfChanged::Ask), Err(UndoError::ChangedSince { .. })));
    assert_eq!(bench.text("other").as_deref(), Some("two"));
}

#[cfg(unix)]
#[test]
fn bits_and_bytes_of_one_file_change_in_either_order_and_come_back() {
    for bits_first in [true, false] {
        let bench = Bench::new();
        bench.put("a", "one");
        set_mode(&bench.path("a"), 0o4644);
        let bits = Edit::Mode { path: bench.inside("a"), mode: 0o600 };
        let bytes = bench.whole("a", "two");
        bench.apply(&if bits_first { [bits, bytes] } else { [bytes, bits] }).unwrap();
        assert_eq!((mode(&bench.path("a")), bench.text("a").as_deref()), (0o600, Some("two")));
        bench.undo(None, IfChanged::Ask).unwrap();
        assert_eq!((mode(&bench.path("a")), bench.text("a").as_deref()), (0o4644, Some("one")));
        // Who may read it is the person's own affair, if they have said so since.
        bench.apply(&[bench.whole("a", "two")]).unwrap();
        set_mode(&bench.path("a"), 0o400);
        bench.undo(None, IfChanged::Ask).unwrap();
        assert_eq!((mode(&bench.path("a")), bench.text("a").as_deref()), (0o400, Some("one")));
    }
}

#[test]
fn folders_that_were_made_go_again_unless_somebody_uses_them() {
    let bench = Bench::new();
    bench.apply(&[bench.whole("x/y/a", "a"), bench.whole("x/y/b", "b"), bench.whole("x/c", "c")]).unwrap();
    bench.undo(None, IfChanged::Ask).unwrap();
    assert!(!bench.path("x").exists());
    bench.apply(&[bench.whole("x/y/a", "a")]).unwrap();
    bench.put("x/theirs", "theirs");
    bench.undo(None, IfChanged::Ask).unwrap();
    assert!(!bench.path("x/y").exists());
    assert_eq!(bench.text("x/theirs").as_deref(), Some("theirs"));
}

#[test]
fn variables_are_undone_like_files() {
    let bench = Bench::new();
    let set = |value: Option<&str>| Edit::UserVariable { name: "KEY".to_owned(), value: value.map(Secret::new) };
    // What a plan is made of is asked of the running system, and here has no such variable.
    let change = |before: Option<&str>, after: Option<&str>| {
        let mut plan = bench.plan(&[bench.whole("a", after.unwrap_or("none")), set(Some("x"))]).unwrap();
        for step in &mut plan.steps {
            if let plan::Step::UserVariable { before: was, after: becomes, .. } = step {
                (*was, *becomes) = (before.map(Secret::new), after.map(Secret::new));
            }
        }
        apply(&plan, &bench.store, &bench.hands, &bench.occasion())
    };
    let is = || bench.hands.is.borrow().get("KEY").cloned();
    bench.put("a", "one");
    assert!(matches!(change(Some("something"), None), Err(ApplyError::Changed { .. })));
    change(None, Some("first")).unwrap();
    change(Some("first"), Some("second")).unwrap();
    assert_eq!(is().as_deref(), Some("second"));
    bench.hands.is.borrow_mut().insert("KEY".to_owned(), "theirs".to_owned());
    assert!(matches!(bench.undo(None, IfChanged::Ask), Err(UndoError::ChangedSince { .. })));
    bench.undo(None, IfChanged::PutBack).unwrap();
    assert_eq!(is().as_deref(), Some("first"));
    bench.undo(None, IfChanged::Ask).unwrap();
    assert_eq!((is(), bench.text("a").as_deref()), (None, Some("one")));
    // One into which Windows puts others comes back as such.
    bench.hands.is.borrow_mut().insert("KEY".to_owned(), "%USERPROFILE%".to_owned());
    change(Some("%USERPROFILE%"), None).unwrap();
    bench.undo(None, IfChanged::Ask).unwrap();
    assert_eq!(*bench.hands.restored.borrow(), [false, false, true]);
    bench.hands.is.borrow_mut().clear();
    bench.hands.refuse.set(true);
    assert!(matches!(change(None, Some("third")), Err(ApplyError::RolledBack { .. })));
    assert_eq!((is(), bench.text("a").as_deref()), (None, Some("one")));
    assert!(!fs::read_to_string(bench.journal()).unwrap().contains("second"));
}

#[test]
fn a_change_that_was_rolled_back_leaves_no_backup() {
    let bench = Bench::new();
    bench.put("a", "CANARY");
    let plan = bench.plan(&[bench.whole("a", "two"), Edit::SetAside { path: bench.inside("a") }]);
    assert!(matches!(plan, Err(PlanError::Twice { .. })));
    bench.put("b", "one");
    let plan = bench.plan(&[bench.whole("a", "two"), bench.whole("b", "two")]).unwrap();
    bench.put("b", "theirs");
    let error = apply(&plan, &bench.store, &bench.hands, &bench.occasion()).unwrap_err();
    assert!(matches!(error, ApplyError::Changed { .. }), "{error}");
    assert_eq!(bench.text("a").as_deref(), Some("CANARY"));
    assert!(!bench.kept().iter().any(|(_, bytes)| memchr::memmem::find(bytes, b"CANARY").is_some()));
}

#[test]
fn without_its_backup_a_change_is_not_undone_and_nothing_is_touched() {
    let bench = Bench::new();
    bench.put("a", "one");
    bench.put("b", "one");
    bench.apply(&[bench.whole("a", "two"), bench.whole("b", "two"), bench.whole("c", "new")]).unwrap();
    assert_eq!(bench.store.size_of_backups(), 6);
    bench.store.delete_backups(None).unwrap();
    assert_eq!(bench.store.size_of_backups(), 0);
    assert!(matches!(bench.undo(None, IfChanged::Ask), Err(UndoError::NoBackup { .. })));
    assert_eq!([bench.text("a"), bench.text("b"), bench.text("c")].map(Option::unwrap), ["two", "two", "new"]);
    assert_eq!(bench.states(), [State::Done]);
}

#[test]
fn a_line_that_was_cut_off_told_of_nothing() {
    let bench = Bench::new();
    bench.put("a", "one");
    bench.apply(&[bench.whole("a", "two")]).unwrap();
    let whole = fs::read(bench.journal()).unwrap();
    let end = memchr::memmem::rfind(&whole, b"{").unwrap();
    for cut in [&whole[..end], &whole[..end + 9], &whole[..whole.len() / 3], &whole[..1], &[][..]] {
        fs::write(bench.journal(), cut).unwrap();
        bench.put("a", "two");
        recover(&bench.store, &bench.hands).unwrap();
        // Known to have begun: it is taken back. Otherwise it was never begun.
        let begun = cut.len() >= end;
        assert_eq!(bench.text("a").as_deref(), Some(if begun { "one" } else { "two" }), "{} bytes", cut.len());
        if begun {
            assert_eq!(bench.states(), [State::RolledBack]);
            // Its backups went with it; the next round needs them.
            let backup = bench.folder.path().join("store/backups/change-1");
            fs::create_dir_all(&backup).unwrap();
            fs::write(backup.join("0.before"), "one").unwrap();
        }
        bench.put("b", "one");
        bench.apply(&[bench.whole("b", "two")]).unwrap();
        bench.undo(None, IfChanged::Ask).unwrap();
        assert_eq!(bench.text("b").as_deref(), Some("one"));
    }
}

#[test]
fn what_a_newer_version_did_is_told_and_left_alone() {
    let bench = Bench::new();
    bench.put("a", "one");
    let ours = bench.apply(&[bench.whole("a", "two")]).unwrap();
    let journal = fs::read_to_string(bench.journal()).unwrap();
    let newer = "{\"schema\":\"authlight.change/2\",\"change\":\"new-1\",\"utc\":\"2030\",\"what\":[],\"does\":{}}\n";
    let odd_step = journal.lines().nth(1).unwrap().replace("\"file\"", "\"teleported\"").replace(&ours, "new-2");
    let odd_state = format!("{{\"schema\":\"authlight.change/1\",\"change\":\"{ours}\",\"state\":\"sublimated\"}}\n");
    for (more, name) in [(newer, "new-1"), (&odd_step, "new-2"), (&odd_state, ours.as_str())] {
        fs::write(bench.journal(), format!("{journal}{more}\n")).unwrap();
        assert!(recover(&bench.store, &bench.hands).unwrap().is_empty());
        let noted = bench.store.noted().unwrap();
        assert!(matches!(noted.last(), Some(Noted::Newer { change, .. }) if change == name), "{noted:?}");
        assert!(matches!(bench.undo(None, IfChanged::Ask), Err(UndoError::Newer { .. })));
        assert!(matches!(bench.undo(Some(name), IfChanged::Ask), Err(UndoError::Newer { .. })));
        assert_eq!(bench.text("a").as_deref(), Some("two"));
        // It stands in nobody's way.
        bench.put("b", "one");
        bench.apply(&[bench.whole("b", "two")]).unwrap();
        bench.undo(None, IfChanged::Ask).unwrap();
    }
    // A name that leads out of the store is none.
    let odd_name = journal.replace(&ours, "../../home");
    fs::write(bench.journal(), odd_name).unwrap();
    assert!(matches!(bench.undo(None, IfChanged::Ask), Err(UndoError::Newer { .. })));
    bench.store.delete_backups(None).unwrap();
    assert_eq!(bench.text("a").as_deref(), Some("two"));
}

#[test]
fn a_cut_off_change_whose_file_somebody_else_wrote_blocks_nothing() {
    let bench = Bench::new();
    bench.put("a", "one");
    bench.put("b", "one");
    bench.apply(&[bench.whole("a", "two"), bench.whole("b", "two")]).unwrap();
    let journal = fs::read_to_string(bench.journal()).unwrap();
    let begun: String = journal.lines().filter(|line| !line.contains("\"state\"")).collect();
    fs::write(bench.journal(), begun + "\n").unwrap();
    bench.put("b", "theirs");
    let recovered = recover(&bench.store, &bench.hands).unwrap();
    assert_eq!(recovered.left.len(), 1);
    assert_eq!((bench.text("a").as_deref(), bench.text("b").as_deref()), (Some("one"), Some("theirs")));
    assert_eq!(bench.states(), [State::RolledBackInPart]);
    assert!(recover(&bench.store, &bench.hands).unwrap().is_empty());
    bench.apply(&[bench.whole("a", "three")]).unwrap();
    bench.undo(None, IfChanged::Ask).unwrap();
    // What was there before is still to be had.
    bench.undo(Some("change-1"), IfChanged::PutBack).unwrap();
    assert_eq!(bench.text("b").as_deref(), Some("one"));
}

#[test]
fn what_cannot_be_taken_back_yet_blocks_its_own_files_alone_and_keeps_its_backups() {
    let bench = Bench::new();
    bench.put("a", "one");
    bench.put("b", "one");
    bench.apply(&[bench.whole("a", "two")]).unwrap();
    let journal = fs::read_to_string(bench.journal()).unwrap();
    let begun: String = journal.lines().filter(|line| !line.contains("\"state\"")).collect();
    fs::write(bench.journal(), begun + "\n").unwrap();
    // A second name: it cannot be replaced now.
    fs::hard_link(bench.path("a"), bench.path("second-name")).unwrap();
    if cfg!(not(unix)) {
        return; // nothing tells of a second name there
    }
    assert_eq!(recover(&bench.store, &bench.hands).unwrap().unfinished.len(), 1);
    fs::remove_file(bench.path("second-name")).unwrap();
    let plan = bench.plan(&[bench.whole("a", "three")]).unwrap();
    fs::hard_link(bench.path("a"), bench.path("second-name")).unwrap();
    let error = apply(&plan, &bench.store, &bench.hands, &bench.occasion()).unwrap_err();
    assert!(matches!(error, ApplyError::Unfinished { .. }), "{error}");
    bench.apply(&[bench.whole("b", "two")]).unwrap();
    bench.store.delete_backups(None).unwrap();
    fs::remove_file(bench.path("second-name")).unwrap();
    assert_eq!(recover(&bench.store, &bench.hands).unwrap().taken_back.len(), 1);
    assert_eq!((bench.text("a").as_deref(), bench.text("b").as_deref()), (Some("one"), Some("two")));
}

#[test]
fn a_file_that_is_too_large_is_told() {
    let bench = Bench::new();
    fs::File::create(bench.path("a")).unwrap().set_len((256 << 20) + 1).unwrap();
    let error = bench.plan(&[bench.whole("a", "x")]).unwrap_err();
    assert!(error.to_string().contains("larger than 256 MB"), "{error}");
}

#[test]
fn a_program_runs_last_and_without_the_locks_and_where_it_fails_the_rest_stays() {
    let bench = Bench::new();
    bench.put(".claude.json", "{}");
    *bench.hands.lock.borrow_mut() = Some(bench.path(".claude.json.lock"));
    let what = authlight_core::message::Message::new("step-open");
    let run = Edit::Run(Command { program: Program::Claude, arguments: vec!["auth".to_owned()], what });
    let error = bench.apply(&[run, bench.whole(".claude.json", "{\"theme\": \"dark\"}")]).unwrap_err();
    assert!(matches!(&error, ApplyError::ProgramFailed { what, .. } if what == "it ended with 1"), "{error}");
    // Before the file, before the program, in the program.
    assert_eq!(*bench.hands.held.borrow(), [true, false, false]);
    assert_eq!(bench.text(".claude.json").as_deref(), Some("{\"theme\": \"dark\"}"));
    assert_eq!(bench.states(), [State::Done]);
    bench.undo(None, IfChanged::Ask).unwrap();
    assert_eq!(bench.text(".claude.json").as_deref(), Some("{}"));
    assert!(!bench.path(".claude.json.lock").exists());
}

/// What happens to a few files.
#[derive(Clone, Debug)]
enum Event {
    /// A plan: what each file becomes; none of both: it is not in the plan.
    Change([Option<Option<u8>>; 3]),
    /// An undo of the latest change, or of an earlier one.
    Undo(Option<usize>, IfChanged),
    /// Another program writes or removes a file.
    Outside(usize, Option<u8>),
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let becomes = || proptest::option::of(proptest::option::weighted(0.8, 0_u8..6));
    let choice = prop_oneof![Just(IfChanged::Ask), Just(IfChanged::Keep), Just(IfChanged::PutBack)];
    let event = prop_oneof![
        4 => [becomes(), becomes(), becomes()].prop_map(Event::Change),
        4 => (proptest::option::of(0_usize..8), choice).prop_map(|(which, choice)| Event::Undo(which, choice)),
        2 => (0_usize..3, proptest::option::weighted(0.8, 10_u8..16)).prop_map(|(file, text)| Event::Outside(file, text)),
    ];
    proptest::collection::vec(event, 1..14)
}

/// What three files hold; none: they are not there.
type States = [Option<String>; 3];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// However plans, undos and other programs' edits follow each other: an undo gives each file what it had before or
    /// leaves it as it is, and no byte that another program wrote is ever gone but by another program.
    #[test]
    fn no_byte_is_lost_and_every_file_is_explained(events in events()) {
        const FILES: [&str; 3] = ["a", "b", "folder/c"];
        let bench = Bench::new();
        let now = || FILES.map(|name| bench.text(name));
        bench.put("a", "at first");
        let mut theirs: Vec<String> = vec!["at first".to_owned()];
        let mut made: Vec<(String, States, States)> = Vec::new();
        for event in events {
            let before = now();
            match event {
                Event::Outside(file, text) => {
                    let kept: Vec<Vec<u8>> = bench.kept().into_iter().map(|(_, bytes)| bytes).collect();
                    if let Some(old) = &before[file]
                        && before.iter().filter(|text| text.as_ref() == Some(old)).count() == 1
                        && !kept.iter().any(|bytes| bytes == old.as_bytes())
                    {
                        theirs.retain(|text| text != old);
                    }
                    match text {
                        Some(text) => {
                            bench.put(FILES[file], &format!("theirs {text}"));
                            theirs.push(format!("theirs {text}"));
                        }
                        None => drop(fs::remove_file(bench.path(FILES[file]))),
                    }
                }
                Event::Change(wanted) => {
                    let edits: Vec<Edit> = wanted.iter().zip(FILES).filter_map(|(wanted, name)| match wanted {
                        None => None,
                        Some(Some(text)) => Some(bench.whole(name, &format!("ours {text}"))),
                        Some(None) => Some(bench.gone(name)),
                    }).collect();
                    let plan = match bench.plan(&edits) {
                        Ok(plan) => plan,
                        Err(PlanError::Nothing) => continue,
                        Err(error) => panic!("{error}"),
                    };
                    let change = apply(&plan, &bench.store, &bench.hands, &bench.occasion()).unwrap().change;
                    for ((wanted, is), was) in wanted.iter().zip(now()).zip(&before) {
                        let expected = wanted.map_or(was.clone(), |text| text.map(|text| format!("ours {text}")));
                        prop_assert_eq!(&is, &expected);
                    }
                    made.push((change, before, now()));
                }
                Event::Undo(which, choice) => {
                    let named = which.and_then(|which| made.get(which)).map(|(change, ..)| change.clone());
                    let undone = undo::undo(&bench.store, &bench.hands, named.as_deref(), choice);
                    let (recorded, left) = match undone {
                        Ok(undone) => undone,
                        Err(UndoError::NoSuchChange | UndoError::ChangedSince { .. }) => {
                            prop_assert_eq!(now(), before);
                            continue;
                        }
                        Err(error) => panic!("{error}"),
                    };
                    let (_, was, became) = made.iter().find(|(change, ..)| *change == recorded.change).unwrap();
                    for (file, is) in now().iter().enumerate() {
                        let touched = was[file] != became[file];
                        let changed = before[file] != was[file] && before[file] != became[file];
                        let expected = match (touched, changed, choice) {
                            (false, ..) | (_, true, IfChanged::Keep) => &before[file],
                            (_, true, IfChanged::Ask) => unreachable!("it asks"),
                            _ => &was[file],
                        };
                        prop_assert_eq!(is, expected);
                        prop_assert_eq!(left.contains(&bench.path(FILES[file])), touched && changed && choice == IfChanged::Keep);
                    }
                }
            }
            let kept: Vec<Vec<u8>> = bench.kept().into_iter().map(|(_, bytes)| bytes).collect();
            for text in &theirs {
                let somewhere = now().iter().flatten().any(|is| is == text) || kept.iter().any(|bytes| bytes == text.as_bytes());
                prop_assert!(somewhere, "{} is lost", text);
            }
            prop_assert!(bench.states().iter().all(|state| !state.is_unfinished()));
            let beside = fs::read_dir(bench.path("")).unwrap().flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(".authlight"));
            prop_assert_eq!(beside.count(), 0);
        }
    }
}
