//! A new key: into every place of the old one, or where Claude Code will see it. Both take it in, test it, show what
//! would be written, write it and test again; the one ends with the old key, the other with the light.

use authlight_core::fixes::put_key::PutPlace;
use authlight_core::fixes::rotate::{self, Unfit};
use authlight_core::message::Message;
use authlight_core::secret::{CONSOLE_KEY_LENGTH, Secret, SecretKind};

use super::super::repairs::{PlanText, RepairEnd, RepairStage};
use super::super::{Consent, Context, StopFlag};
use super::{Cell, Effect, Go, JobKind, State, Step, Walkthrough};

/// Where keys of the Console are made and revoked.
pub const KEY_PAGE: &str = "https://platform.claude.com/settings/keys";

/// What is done with the new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyTask {
    /// It takes the old one's place everywhere.
    Rotate,
    /// It is put in one place.
    Put,
}

/// A key that is being typed. It is shown as dots alone, and cleared from memory.
#[derive(Clone, Debug)]
pub struct TypedKey(pub Secret);

impl Default for TypedKey {
    fn default() -> Self {
        Self(Secret::new(""))
    }
}

impl PartialEq for TypedKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.length() == other.0.length() && self.0.same_as(&other.0)
    }
}

/// A key on its way to the engine, which keeps it until another one is taken in.
#[derive(Clone, Debug)]
pub struct KeyHandedOver {
    /// Where.
    pub cell: Cell,
    /// What for.
    pub task: KeyTask,
    /// Where to, if it is put in one place.
    pub place: Option<PutPlace>,
    /// The key.
    pub key: Secret,
}

/// What the engine says of a key that it took in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyTaken {
    /// By what it is named from now on.
    pub token: String,
    /// Where the old one is written.
    pub places: Vec<KeyPlace>,
    /// Whether Claude Code can be told to use the new one without asking.
    pub can_approve: bool,
    /// Where the test would send it; none: there is nothing to test it at.
    pub host: Option<String>,
}

/// A place where the old key is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyPlace {
    /// The file as it is shown, or the name of a variable.
    pub name: String,
    /// The lines in it.
    pub lines: Vec<usize>,
    /// Whether the new key can be written there by us.
    pub ours: bool,
}

/// Where a key can be put.
#[derive(Clone, Debug, PartialEq)]
pub struct PutOffer {
    /// Where.
    pub place: PutPlace,
    /// The file as it is shown, or the name of a variable.
    pub name: Option<String>,
    /// The command for this terminal.
    pub command: Option<String>,
}

/// Which key is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRole {
    /// The new one, before anything is written.
    New,
    /// What Claude Code uses after it was written.
    Written,
    /// The one that was replaced.
    Old,
}

/// A test of a key.
#[derive(Clone, Debug)]
pub struct KeyTest {
    /// The key that was taken in.
    pub token: String,
    /// Which.
    pub role: KeyRole,
    /// What the person agreed to.
    pub consents: Vec<Consent>,
    /// Set when the person stops it.
    pub stop: StopFlag,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyAnswer {
    /// The key is good.
    Accepted,
    /// The server does not know it any more.
    Refused(String),
    /// It was not told whether it is good, and why.
    Unknown(String),
}

/// How far a test is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Trying {
    /// It has not begun.
    #[default]
    No,
    /// It needs the person's word for this.
    Asks(Vec<Consent>),
    /// It is under way.
    Running,
    /// It is over.
    Told(KeyAnswer),
}

/// Whether the history of git holds the old key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GitTold {
    /// The folders whose history does.
    pub folders: Vec<String>,
    /// How many were looked through.
    pub looked: usize,
    /// Whether all were, to the end.
    pub complete: bool,
}

/// How far it is, and what was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyChoices {
    /// What is done with the key.
    pub task: KeyTask,
    /// Where it can be put; none while that is found out.
    pub offers: Option<Vec<PutOffer>>,
    /// Where it is put.
    pub place: Option<PutPlace>,
    /// What is typed.
    pub typed: TypedKey,
    /// Why the key that was given was not taken.
    pub not_taken: Option<String>,
    /// What the engine says of it.
    pub taken: KeyTaken,
    /// The places that keep the old one.
    pub leave: Vec<String>,
    /// Whether Claude Code is to use it without asking.
    pub approve: bool,
    /// What the person agreed to for testing.
    pub agreed: Vec<Consent>,
    /// The test of the new key.
    pub tried: Trying,
    /// The test after it was written.
    pub written: Trying,
    /// The test of the old key.
    pub old: Trying,
    /// What the history of git says; none while it is looked through.
    pub git: Option<GitTold>,
    /// The change that wrote it.
    pub change: Option<String>,
    /// How far it is.
    pub stage: KeyStage,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum KeyStage {
    /// Where to put it.
    Where,
    /// The key is given.
    #[default]
    Key,
    /// The engine takes it in.
    Taking,
    /// It is tested.
    Test,
    /// The places are ticked.
    Places,
    /// The plan is being made.
    Planning,
    /// The plan is shown.
    Planned(PlanText),
    /// It is being written.
    Writing,
    /// It is written; what came of it.
    Written,
    /// It was not, or is of no use; and why.
    NotDone(RepairEnd),
    /// There is no plan, and why.
    Refused(String),
    /// The old key.
    Old,
}

impl KeyChoices {
    fn new(task: KeyTask) -> Self {
        Self {
            task,
            offers: None,
            place: None,
            typed: TypedKey::default(),
            not_taken: None,
            taken: KeyTaken::default(),
            leave: Vec::new(),
            approve: false,
            agreed: Vec::new(),
            tried: Trying::No,
            written: Trying::No,
            old: Trying::No,
            git: None,
            change: None,
            stage: if task == KeyTask::Put { KeyStage::Where } else { KeyStage::Key },
        }
    }

    /// What is to be said of the key that is typed, and whether it can be taken. None: nothing is typed.
    pub fn remark(&self) -> Option<(Message, bool)> {
        let key = &self.typed.0;
        match rotate::fits_alone(key) {
            Err(Unfit::Empty) => None,
            Err(unfit) => Some((Message::new(format!("key-unfit-{}", unfit.word())), false)),
            Ok(()) if key.kind() == SecretKind::ApiKey && key.length() != CONSOLE_KEY_LENGTH => {
                let message = Message::new("key-length").with("usual", CONSOLE_KEY_LENGTH);
                Some((message.with("length", key.length()), true))
            }
            Ok(()) if key.kind() == SecretKind::ApiKey => Some((Message::new("key-looks-right"), true)),
            Ok(()) => key.vendor().map(|vendor| (Message::new("key-vendor").with("vendor", vendor), true)),
        }
    }

    /// Whether the key that is typed can be taken.
    pub fn can_be_taken(&self) -> bool {
        rotate::fits_alone(&self.typed.0).is_ok()
    }

    /// The test that the step is about.
    fn trying(&mut self, role: KeyRole) -> &mut Trying {
        match role {
            KeyRole::New => &mut self.tried,
            KeyRole::Written => &mut self.written,
            KeyRole::Old => &mut self.old,
        }
    }

    /// The key whose test the step is about.
    pub fn role(&self) -> KeyRole {
        match self.stage {
            KeyStage::Written => KeyRole::Written,
            KeyStage::Old => KeyRole::Old,
            _ => KeyRole::New,
        }
    }

    fn is_busy(&self) -> bool {
        let tests = [&self.tried, &self.written, &self.old];
        matches!(self.stage, KeyStage::Writing) || tests.contains(&&Trying::Running)
    }
}

/// What a person does in a walkthrough about a key.
#[derive(Clone, Debug)]
pub enum KeyClick {
    /// Something was typed or pasted into the field.
    Typed(Secret),
    /// Put it there.
    Place(PutPlace),
    /// Write the new key in this place too, or not.
    Tick(String),
    /// Let Claude Code use it without asking, or not.
    Approve,
    /// Test the key that the step is about.
    Test,
    /// The answer to what the test asks.
    Agree(bool),
    /// Stop the test.
    StopTest,
}

/// What the engine found about a key.
#[derive(Clone, Debug)]
pub enum KeyNews {
    /// Where it can be put.
    Offers(Vec<PutOffer>),
    /// It was taken in; or why not.
    Taken(Result<KeyTaken, String>),
    /// A test needs the person's word.
    Asks(KeyRole, Vec<Consent>),
    /// A test is over.
    Told(KeyRole, KeyAnswer),
    /// The history of git was looked through.
    Git(Option<GitTold>),
    /// The plan; or why there is none.
    Planned(Result<PlanText, String>),
}

impl State {
    fn key(&mut self) -> Option<&mut KeyChoices> {
        match &mut self.walkthrough {
            Some(Walkthrough::Key(choices)) => Some(choices),
            _ => None,
        }
    }

    pub(super) fn open_key(&mut self, task: KeyTask) -> Vec<Effect> {
        self.walkthrough = Some(Walkthrough::Key(Box::new(KeyChoices::new(task))));
        if task == KeyTask::Rotate {
            return Vec::new();
        }
        self.running.insert(JobKind::Key);
        vec![Effect::FindPutPlaces(self.cell())]
    }

    pub(super) fn key_step(&self, choices: &KeyChoices) -> Step {
        use KeyStage as S;
        let rotates = choices.task == KeyTask::Rotate;
        let (name, number) = match (&choices.stage, rotates) {
            (S::Where, _) => ("put-key-where", 1),
            (S::Key | S::Taking, true) => ("rotate-key", 1),
            (S::Key | S::Taking, false) => ("put-key-key", 2),
            (S::Test, true) => ("rotate-test", 2),
            (S::Test, false) => ("put-key-test", 3),
            (S::Places, _) => ("rotate-places", 3),
            (S::Planning | S::Planned(_) | S::Writing | S::NotDone(_) | S::Refused(_), true) => ("rotate-write", 4),
            (S::Written, true) => ("rotate-written", 4),
            (S::Planning | S::Planned(_) | S::Writing | S::NotDone(_) | S::Refused(_), false) => ("put-key-write", 4),
            (S::Written, false) => ("put-key-written", 5),
            (S::Old, _) => ("rotate-old", 5),
        };
        let back = match choices.stage {
            S::Key => !rotates,
            S::Test => choices.tried != Trying::Running,
            S::Places | S::Planned(_) | S::Refused(_) => true,
            _ => false,
        };
        let told = |trying: &Trying| matches!(trying, Trying::Told(_));
        let skip = match choices.stage {
            S::Test => {
                matches!(choices.tried, Trying::No | Trying::Asks(_)) || {
                    told(&choices.tried) && choices.tried != Trying::Told(KeyAnswer::Accepted)
                }
            }
            S::Written => rotates && !told(&choices.written) && choices.written != Trying::Running,
            _ => false,
        };
        Step { name, number, of: 5, back, skip }
    }

    pub(super) fn is_key_busy(choices: &KeyChoices) -> bool {
        choices.is_busy()
    }

    pub(super) fn go_with_key(&mut self, mut choices: KeyChoices, to: Go) -> Vec<Effect> {
        use KeyStage as S;
        let rotates = choices.task == KeyTask::Rotate;
        let mut effects = Vec::new();
        let stage = match (&choices.stage, to) {
            (S::Where, Go::Next) if choices.place.is_some_and(|place| place != PutPlace::ThisTerminal) => S::Key,
            (S::Key, Go::Back) if !rotates => S::Where,
            (S::Key, Go::Next) if choices.can_be_taken() => {
                // From here on the engine has it, and the field is empty.
                let key = std::mem::take(&mut choices.typed).0;
                (choices.not_taken, choices.tried, choices.git) = (None, Trying::No, None);
                (choices.leave, choices.approve) = (Vec::new(), false);
                self.running.insert(JobKind::Key);
                let (cell, task, place) = (self.cell(), choices.task, choices.place);
                effects.push(Effect::TakeKey(KeyHandedOver { cell, task, place, key }));
                S::Taking
            }
            (S::Test, Go::Back) => S::Key,
            (S::Test, Go::Next | Go::Skip) if rotates => S::Places,
            (S::Places, Go::Back) => S::Test,
            (S::Planned(_) | S::Refused(_), Go::Back) if rotates => S::Places,
            (S::Planned(_) | S::Refused(_), Go::Back) => S::Test,
            (S::Test, Go::Next | Go::Skip) | (S::Places, Go::Next) => {
                effects.push(self.plan_key(&choices));
                S::Planning
            }
            (S::Planned(plan), Go::Next) if !plan.useless => {
                self.running.insert(JobKind::Repair);
                effects.push(Effect::WriteKey(choices.taken.token.clone()));
                S::Writing
            }
            (S::Written, Go::Next | Go::Skip) if rotates => S::Old,
            (other, _) => other.clone(),
        };
        choices.stage = stage;
        self.walkthrough = Some(Walkthrough::Key(Box::new(choices)));
        effects
    }

    fn plan_key(&mut self, choices: &KeyChoices) -> Effect {
        self.running.insert(JobKind::Key);
        Effect::PlanKey { token: choices.taken.token.clone(), leave: choices.leave.clone(), approve: choices.approve }
    }

    /// Takes in a click.
    pub(in super::super) fn key_click(&mut self, click: KeyClick) -> Vec<Effect> {
        let stop = self.stop_key.clone();
        let Some(choices) = self.key() else { return Vec::new() };
        match click {
            KeyClick::Typed(key) => (choices.typed, choices.not_taken) = (TypedKey(key), None),
            KeyClick::Place(place) => choices.place = Some(place),
            KeyClick::Tick(name) => {
                let before = choices.leave.len();
                choices.leave.retain(|left| *left != name);
                if choices.leave.len() == before {
                    choices.leave.push(name);
                }
            }
            KeyClick::Approve => {
                choices.approve = !choices.approve;
                // What is written changes with it, where the plan is made of that alone.
                if choices.task == KeyTask::Put && matches!(choices.stage, KeyStage::Planned(_)) {
                    choices.stage = KeyStage::Planning;
                    let choices = choices.clone();
                    return vec![self.plan_key(&choices)];
                }
            }
            KeyClick::Test => return self.test_key(),
            KeyClick::Agree(yes) => {
                let role = choices.role();
                let Trying::Asks(asked) = std::mem::take(choices.trying(role)) else { return Vec::new() };
                if yes {
                    choices.agreed.extend(asked);
                    return self.test_key();
                }
            }
            KeyClick::StopTest => stop.stop(),
        }
        Vec::new()
    }

    fn test_key(&mut self) -> Vec<Effect> {
        let stop = StopFlag::default();
        let Some(choices) = self.key() else { return Vec::new() };
        let role = choices.role();
        if choices.is_busy() || choices.taken.host.is_none() {
            return Vec::new();
        }
        *choices.trying(role) = Trying::Running;
        let (token, consents) = (choices.taken.token.clone(), choices.agreed.clone());
        self.stop_key = stop.clone();
        self.running.insert(JobKind::Key);
        vec![Effect::TestKey(KeyTest { token, role, consents, stop })]
    }

    /// Takes in what the engine found.
    pub(in super::super) fn key_news(&mut self, news: KeyNews) -> Vec<Effect> {
        if !matches!(news, KeyNews::Git(_)) {
            self.running.remove(&JobKind::Key);
        }
        let Some(choices) = self.key() else { return Vec::new() };
        match news {
            KeyNews::Offers(offers) => {
                choices.place = choices.place.or(offers.first().map(|offer| offer.place));
                choices.offers = Some(offers);
            }
            KeyNews::Taken(Ok(taken)) => {
                let (token, rotates) = (taken.token.clone(), choices.task == KeyTask::Rotate);
                (choices.taken, choices.stage) = (taken, KeyStage::Test);
                if rotates {
                    self.stop_git = StopFlag::default();
                    return vec![Effect::FindInGit(token, self.stop_git.clone())];
                }
            }
            KeyNews::Taken(Err(why)) => (choices.not_taken, choices.stage) = (Some(why), KeyStage::Key),
            KeyNews::Asks(role, asked) => *choices.trying(role) = Trying::Asks(asked),
            KeyNews::Told(role, answer) => {
                let turns = (role, &answer) == (KeyRole::Written, &KeyAnswer::Accepted);
                *choices.trying(role) = Trying::Told(answer);
                let (agreed, place) = (choices.agreed.clone(), choices.place);
                // A process that was started before keeps what it was started with.
                let is_seen = self.context != Context::Process || place == Some(PutPlace::Settings);
                if turns && is_seen {
                    self.then_test = Some(agreed);
                    return self.test_what_was_written();
                }
            }
            KeyNews::Git(told) => choices.git = Some(told.unwrap_or_default()),
            KeyNews::Planned(planned) if choices.stage == KeyStage::Planning => {
                choices.stage = planned.map_or_else(KeyStage::Refused, KeyStage::Planned);
            }
            KeyNews::Planned(_) => {}
        }
        Vec::new()
    }

    /// What came of writing it. None where nothing is being written.
    pub(in super::super) fn key_came_to(&mut self, stage: &RepairStage) -> Option<Vec<Effect>> {
        let RepairStage::Ended(end) = stage else { return None };
        let choices = self.key()?;
        if choices.stage != KeyStage::Writing {
            return None;
        }
        let was_tested = choices.tried == Trying::Told(KeyAnswer::Accepted);
        match end {
            RepairEnd::Healed { change, .. } => {
                (choices.change, choices.stage) = (Some(change.clone()), KeyStage::Written);
            }
            other => choices.stage = KeyStage::NotDone(other.clone()),
        }
        let goes_on = was_tested && choices.stage == KeyStage::Written;
        Some(if goes_on { self.test_key() } else { Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::{Action, ShellUse, reports};
    use super::super::WalkthroughKind;
    use super::*;

    fn key() -> Secret {
        Secret::new(format!("{}{}AA", ["sk-ant-", "api03-"].concat(), "Canary0123456789".repeat(6)))
    }

    fn taken() -> KeyTaken {
        let place = KeyPlace { name: "~/.bashrc".to_owned(), lines: vec![2], ours: true };
        let host = Some("api.anthropic.com".to_owned());
        KeyTaken { token: "t".to_owned(), places: vec![place], can_approve: true, host }
    }

    fn choices(state: &State) -> KeyChoices {
        match &state.walkthrough {
            Some(Walkthrough::Key(choices)) => (**choices).clone(),
            other => panic!("{other:?}"),
        }
    }

    fn rotating() -> State {
        let mut state = State::default();
        state.update(Action::OpenWalkthrough(WalkthroughKind::Rotate));
        state.update(Action::Key(KeyClick::Typed(key())));
        let effects = state.update(Action::Go(Go::Next));
        assert!(matches!(&effects[..], [Effect::TakeKey(given)] if given.key.same_as(&key())), "{effects:?}");
        assert!(choices(&state).typed.0.is_empty(), "the key is handed over, not kept");
        state
    }

    #[test]
    fn nothing_of_the_key_is_in_what_is_printed_for_developers() {
        let mut state = State::default();
        state.update(Action::OpenWalkthrough(WalkthroughKind::Rotate));
        let typed = Action::Key(KeyClick::Typed(key()));
        let mut printed = format!("{typed:?}");
        state.update(typed);
        printed += &format!("{state:?}");
        printed += &format!("{:?}", state.update(Action::Go(Go::Next)));
        assert!(!printed.contains("Canary"), "{printed}");
    }

    #[test]
    fn a_key_is_tested_and_written_before_the_old_one_is_asked_about() {
        let mut state = rotating();
        let looks = state.update(Action::KeyNews(KeyNews::Taken(Ok(taken()))));
        assert!(matches!(&looks[..], [Effect::FindInGit(..)]), "{looks:?}");
        state.update(Action::Key(KeyClick::Test));
        assert!(state.is_in_the_middle());
        let asked = vec![Consent::PlainHttp { host: "h".to_owned() }];
        state.update(Action::KeyNews(KeyNews::Asks(KeyRole::New, asked.clone())));
        let again = state.update(Action::Key(KeyClick::Agree(true)));
        assert!(matches!(&again[..], [Effect::TestKey(test)] if test.consents == asked), "{again:?}");
        state.update(Action::KeyNews(KeyNews::Told(KeyRole::New, KeyAnswer::Accepted)));
        state.update(Action::Go(Go::Next));
        state.update(Action::Key(KeyClick::Approve));
        let plans = state.update(Action::Go(Go::Next));
        assert!(matches!(&plans[..], [Effect::PlanKey { approve: true, .. }]), "{plans:?}");
        state.update(Action::KeyNews(KeyNews::Planned(Ok(PlanText::default()))));
        assert!(matches!(&state.update(Action::Go(Go::Next))[..], [Effect::WriteKey(_)]));
        let end = RepairEnd::Healed { change: "c".to_owned(), undoable: true };
        let after = state.update(Action::RepairCameTo(RepairStage::Ended(end)));
        let tests_again = after.iter().any(|one| matches!(one, Effect::TestKey(test) if test.role == KeyRole::Written));
        assert!(tests_again, "{after:?}");
        state.update(Action::KeyNews(KeyNews::Told(KeyRole::Written, KeyAnswer::Accepted)));
        state.update(Action::Go(Go::Next));
        let old = state.update(Action::Key(KeyClick::Test));
        assert!(matches!(&old[..], [Effect::TestKey(test)] if test.role == KeyRole::Old), "{old:?}");
    }

    #[test]
    fn the_light_turns_after_the_look_and_nothing_turns_it_back() {
        let mut state = rotating();
        state.context = Context::NewTerminal;
        state.update(Action::KeyNews(KeyNews::Taken(Ok(taken()))));
        for to in [Go::Skip, Go::Next] {
            state.update(Action::Go(to));
        }
        state.update(Action::KeyNews(KeyNews::Planned(Ok(PlanText::default()))));
        state.update(Action::Go(Go::Next));
        let end = RepairEnd::Healed { change: "c".to_owned(), undoable: true };
        state.update(Action::RepairCameTo(RepairStage::Ended(end)));
        // The key is found good while a shell is still being asked, and the watch tells of what was written.
        let told = state.update(Action::KeyNews(KeyNews::Told(KeyRole::Written, KeyAnswer::Accepted)));
        assert!(told.is_empty(), "a test now would be of what the shell said before: {told:?}");
        state.update(Action::FilesChanged(ShellUse::Again));
        let looked = state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::verified())));
        assert!(looked.iter().any(|one| matches!(one, Effect::Test(_))), "{looked:?}");
        let scans = |effects: &[Effect]| effects.iter().any(|one| matches!(one, Effect::Scan(_)));
        assert!(!scans(&looked), "{looked:?}");
        let tested = state.update(Action::ReportArrived(JobKind::Test, Arc::new(reports::verified())));
        assert!(!scans(&tested), "{tested:?}");
        assert!(!scans(&state.update(Action::CameBack)), "the lights stay as they were proved");
        assert!(scans(&state.update(Action::CheckAgain)), "but for a click");
        let asked = state.update(Action::ReportArrived(JobKind::Scan, Arc::new(reports::verified())));
        assert!(!asked.iter().any(|one| matches!(one, Effect::Test(_))), "once: {asked:?}");
        assert!(scans(&state.update(Action::CameBack)));
    }

    #[test]
    fn closing_ends_what_looks_through_git() {
        let mut state = rotating();
        let looks = state.update(Action::KeyNews(KeyNews::Taken(Ok(taken()))));
        let [Effect::FindInGit(_, stop)] = &looks[..] else { panic!("{looks:?}") };
        state.update(Action::Go(Go::Stop));
        assert!(state.walkthrough.is_none() && stop.shared().load(std::sync::atomic::Ordering::Relaxed));
    }

    #[test]
    fn a_key_that_is_not_taken_is_said_at_its_field() {
        let mut state = rotating();
        state.update(Action::KeyNews(KeyNews::Taken(Err("no".to_owned()))));
        assert_eq!((choices(&state).stage, choices(&state).not_taken.as_deref()), (KeyStage::Key, Some("no")));
        assert!(state.update(Action::Go(Go::Next)).is_empty(), "there is no key in the field any more");
    }

    #[test]
    fn what_is_said_while_typing() {
        let mut choices = KeyChoices::new(KeyTask::Rotate);
        let oat = ["sk-ant-", "oat01-CANARY"].concat();
        let short = ["sk-ant-", "api03-CANARY1"].concat();
        for (text, key, fits) in [
            ("your-api-key-here", Some("key-unfit-not-whole"), false),
            (oat.as_str(), Some("key-unfit-login-token"), false),
            (short.as_str(), Some("key-length"), true),
            ("a gateway key", Some("key-unfit-character"), false),
            ("gateway-key-0123456789", None, true),
            ("", None, false),
        ] {
            choices.typed = TypedKey(Secret::new(text));
            assert_eq!(choices.remark().map(|(message, _)| message.key.into_owned()).as_deref(), key, "{text}");
            assert_eq!(choices.can_be_taken(), fits, "{text}");
        }
    }

    #[test]
    fn one_terminal_needs_no_key() {
        let mut state = State::default();
        let effects = state.update(Action::OpenWalkthrough(WalkthroughKind::PutKey));
        assert!(effects.iter().any(|one| matches!(one, Effect::FindPutPlaces(_))), "{effects:?}");
        let offer = |place| PutOffer { place, name: None, command: None };
        let offers = vec![offer(PutPlace::Settings), offer(PutPlace::ThisTerminal)];
        state.update(Action::KeyNews(KeyNews::Offers(offers)));
        assert_eq!(choices(&state).place, Some(PutPlace::Settings));
        state.update(Action::Key(KeyClick::Place(PutPlace::ThisTerminal)));
        state.update(Action::Go(Go::Next));
        assert_eq!(choices(&state).stage, KeyStage::Where, "the command is all there is");
    }
}
