//! Setting a provider up, step by step: which one, what it needs, the test before anything is written, the plan, and what
//! came of it.

use authlight_core::fixes::provider::{self, Asked};
use authlight_core::message::Message;
use authlight_core::providers::set_up::{Need, Shape};
use authlight_core::report::{Provider, Scope};
use authlight_core::secret::{CONSOLE_KEY_LENGTH, Secret, SecretKind};
use authlight_core::snapshot::Platform;

use super::super::repairs::PlanText;
use super::super::{Consent, ShellUse, StopFlag};
use super::key::{KeyAnswer, Trying, TypedKey};
use super::{Cell, Effect, Go, JobKind, State, Step, Walkthrough, WalkthroughKind};

/// The providers, in the order of the screen.
pub const PROVIDERS: [Provider; 7] = [
    Provider::Gateway,
    Provider::Bedrock,
    Provider::Mantle,
    Provider::AnthropicAws,
    Provider::Vertex,
    Provider::Foundry,
    Provider::Anthropic,
];

/// What a form asks, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderForm {
    /// The fields, in their order.
    pub fields: Vec<FieldText>,
    /// The page that tells more.
    pub page: String,
    /// By whose rules values are written.
    pub platform: Platform,
}

/// One field of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldText {
    /// The variable.
    pub name: &'static str,
    /// What it is.
    pub label: String,
    /// Where its value is found.
    pub found: String,
    /// How its value is written.
    pub shape: Shape,
    /// How much it is needed.
    pub need: Need,
    /// Whether its value is a secret.
    pub secret: bool,
    /// What is there already.
    pub present: Option<PresentText>,
}

/// What is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentText {
    /// As it may be shown: of a secret its end. None: nothing of it may be.
    pub shown: Option<String>,
    /// Where it stands.
    pub place: String,
}

impl FieldText {
    /// The value that stands in the field before anything is typed.
    pub fn filled_in(&self) -> &str {
        let present = self.present.as_ref().filter(|_| !self.secret);
        present.and_then(|present| present.shown.as_deref()).unwrap_or_default()
    }
}

/// What the engine is asked to prepare.
#[derive(Clone, Debug)]
pub struct ProviderAsked {
    /// Where.
    pub cell: Cell,
    /// What.
    pub asked: Asked,
}

/// Why a value, or all of them, are not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// The variable that it is about.
    pub name: Option<String>,
    /// The sentence.
    pub text: String,
}

/// A set-up that can be carried out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderPlan {
    /// What would be done.
    pub plan: PlanText,
    /// Whether all of it is there already.
    pub is_done: bool,
    /// What a test of it would be.
    pub trial: ProviderTrial,
    /// Whether nobody signs in there yet.
    pub nobody_signs_in: bool,
}

/// What a test would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProviderTrial {
    /// There is no address to ask at.
    #[default]
    NoAddress,
    /// This host is asked.
    At(String),
    /// Nothing is sent: this is known already.
    Known(String),
}

/// A test of what is planned; or the change, and the same test after it.
#[derive(Clone, Debug)]
pub struct ProviderTest {
    /// The plan.
    pub token: String,
    /// What the person agreed to.
    pub consents: Vec<Consent>,
    /// Whether it is tested after the change.
    pub again: bool,
    /// Set when the person stops it.
    pub stop: StopFlag,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderEnd {
    /// It is as it was asked for.
    SetUp {
        /// The change.
        change: String,
        /// What the second test has shown.
        proof: String,
        /// Whether the endpoint has taken the credential.
        verified: bool,
    },
    /// It is not, and why.
    Failed(Vec<String>),
}

/// How far it is, and what was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderChoices {
    /// Which provider.
    pub provider: Provider,
    /// What is asked for it; none while that is found out.
    pub form: Option<ProviderForm>,
    /// What was typed, by variable.
    pub typed: Vec<(&'static str, TypedKey)>,
    /// Whether the fields are open that few need.
    pub more: bool,
    /// Whose settings.
    pub scope: Scope,
    /// Why the values were not taken.
    pub not_taken: Vec<NotTaken>,
    /// How often they were not.
    pub times: usize,
    /// What the engine made of the values.
    pub prepared: ProviderPlan,
    /// What the person agreed to for testing.
    pub agreed: Vec<Consent>,
    /// The test before anything is written.
    pub tried: Trying,
    /// How far it is.
    pub stage: ProviderStage,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ProviderStage {
    /// Which provider.
    #[default]
    Which,
    /// What it needs.
    Form,
    /// The engine makes a plan of it.
    Preparing,
    /// It is tested.
    Test,
    /// The plan is shown.
    Plan,
    /// It is being done.
    Working,
    /// It is over.
    Ended(ProviderEnd),
}

/// What a person does in it.
#[derive(Clone, Debug)]
pub enum ProviderClick {
    /// This provider.
    Choose(Provider),
    /// Something was typed or pasted into this field.
    Typed(&'static str, Secret),
    /// Show the fields that few need, or not.
    More,
    /// Into these settings.
    Scope(Scope),
    /// Test it.
    Test,
    /// The answer to what the test asks.
    Agree(bool),
    /// Stop the test.
    StopTest,
}

/// What the engine found.
#[derive(Clone, Debug)]
pub enum ProviderNews {
    /// What is asked for this provider.
    Form(Provider, Option<ProviderForm>),
    /// The plan; or why there is none.
    Prepared(Result<Box<ProviderPlan>, Vec<NotTaken>>),
    /// The test needs the person's word.
    Asks(Vec<Consent>),
    /// The test is over.
    Told(KeyAnswer),
    /// What came of the change.
    Ended(ProviderEnd),
}

impl ProviderChoices {
    fn new(provider: Provider) -> Self {
        Self {
            provider,
            form: None,
            typed: Vec::new(),
            more: false,
            scope: Scope::User,
            not_taken: Vec::new(),
            times: 0,
            prepared: ProviderPlan::default(),
            agreed: Vec::new(),
            tried: Trying::No,
            stage: ProviderStage::Which,
        }
    }

    /// What stands in a field.
    pub fn value(&self, field: &FieldText) -> Secret {
        let typed = self.typed.iter().find(|(name, _)| *name == field.name);
        typed.map_or_else(|| Secret::new(field.filled_in()), |(_, typed)| typed.0.clone())
    }

    /// What is to be said of what stands in a field while it is typed: why it does not do, or what is odd about it.
    pub fn remark(&self, field: &FieldText) -> Option<Message> {
        let value = self.value(field);
        let platform = self.form.as_ref().map(|form| form.platform).unwrap_or_default();
        if self.scope == Scope::Project && field.secret && !value.is_blank() {
            return Some(Message::new("walk-provider-secret-shared"));
        }
        if !self.is_given(field) {
            return None;
        }
        if let Some(mut unfit) = provider::unfit(self.provider, field.name, &value, platform) {
            unfit.key = "walk-provider-value".into();
            return Some(unfit);
        }
        let short = field.secret && value.kind() == SecretKind::ApiKey && value.length() != CONSOLE_KEY_LENGTH;
        short.then(|| Message::new("key-length").with("usual", CONSOLE_KEY_LENGTH).with("length", value.length()))
    }

    /// Whether what stands in a field is to be written. What is there already, and was not changed, stays where it is.
    fn is_given(&self, field: &FieldText) -> bool {
        let value = self.value(field);
        !value.is_blank() && !value.same_as(&Secret::new(field.filled_in()))
    }

    fn asked(&self, form: &ProviderForm) -> Asked {
        let given = form.fields.iter().filter(|field| self.is_given(field));
        let values = given.map(|field| (field.name.to_owned(), self.value(field))).collect();
        Asked { provider: self.provider, scope: self.scope, values }
    }

    /// Whether the test, or the change, is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.stage == ProviderStage::Working || self.tried == Trying::Running
    }
}

impl State {
    fn provider(&mut self) -> Option<&mut ProviderChoices> {
        match &mut self.walkthrough {
            Some(Walkthrough::Provider(choices)) => Some(choices),
            _ => None,
        }
    }

    /// The settings into which a provider can be set up here.
    pub fn provider_scopes(&self) -> &'static [Scope] {
        if self.project.is_some() { &[Scope::User, Scope::Local, Scope::Project] } else { &[Scope::User] }
    }

    pub(super) fn open_provider(&mut self) -> Vec<Effect> {
        // What is in use is what most likely lacks something.
        let provider = self.report.as_ref().map_or(Provider::Anthropic, |report| report.route.provider);
        self.walkthrough = Some(Walkthrough::Provider(Box::new(ProviderChoices::new(provider))));
        Vec::new()
    }

    pub(super) fn provider_step(&self, choices: &ProviderChoices) -> Step {
        use ProviderStage as S;
        let (name, number) = match &choices.stage {
            S::Which => ("provider-which", 1),
            S::Form | S::Preparing => ("provider-form", 2),
            S::Test => ("provider-test", 3),
            S::Plan | S::Working => ("provider-write", 4),
            S::Ended(ProviderEnd::Failed(_)) => ("provider-failed", 4),
            S::Ended(ProviderEnd::SetUp { .. }) => ("provider-done", 5),
        };
        let back = match &choices.stage {
            S::Form | S::Plan | S::Ended(ProviderEnd::Failed(_)) => true,
            S::Test => choices.tried != Trying::Running,
            _ => false,
        };
        let not_proved = !matches!(choices.tried, Trying::Running | Trying::Told(KeyAnswer::Accepted));
        let known = matches!(choices.prepared.trial, ProviderTrial::Known(_));
        let skip = choices.stage == S::Test && !choices.prepared.is_done && not_proved && !known;
        Step { name, number, of: 5, back, skip }
    }

    pub(super) fn go_setting_up(&mut self, mut choices: ProviderChoices, to: Go) -> Vec<Effect> {
        use ProviderStage as S;
        let mut effects = Vec::new();
        let accepted = choices.tried == Trying::Told(KeyAnswer::Accepted);
        let known = matches!(choices.prepared.trial, ProviderTrial::Known(_));
        let is_done = choices.prepared.is_done;
        choices.stage = match (std::mem::take(&mut choices.stage), to) {
            (S::Which, Go::Next) => {
                self.running.insert(JobKind::Provider);
                effects.push(Effect::AskForProvider(self.cell(), choices.provider));
                choices.form = None;
                S::Form
            }
            (S::Form, Go::Back) => S::Which,
            (S::Form, Go::Next) if choices.form.is_some() => {
                let asked = choices.form.as_ref().map(|form| choices.asked(form));
                self.running.insert(JobKind::Provider);
                effects.extend(asked.map(|asked| Effect::PrepareProvider(ProviderAsked { cell: self.cell(), asked })));
                (choices.not_taken, choices.tried, choices.agreed) = (Vec::new(), Trying::No, Vec::new());
                S::Preparing
            }
            (S::Test, Go::Back) if choices.tried != Trying::Running => S::Form,
            (S::Test, Go::Next) if !is_done && (accepted || known) => S::Plan,
            (S::Test, Go::Skip) if !is_done && choices.tried != Trying::Running => S::Plan,
            (S::Plan, Go::Back) => S::Test,
            (S::Plan, Go::Next) => {
                let stop = StopFlag::default();
                self.stop_key = stop.clone();
                self.running.insert(JobKind::Repair);
                let (token, consents) = (choices.prepared.plan.token.clone(), choices.agreed.clone());
                effects.push(Effect::SetProviderUp(ProviderTest { token, consents, again: accepted || known, stop }));
                S::Working
            }
            (S::Ended(ProviderEnd::Failed(_)), Go::Back) => S::Form,
            (S::Ended(ProviderEnd::SetUp { .. }), Go::Next) if choices.prepared.nobody_signs_in => {
                return self.open_walkthrough(WalkthroughKind::SignIn);
            }
            (other, _) => other,
        };
        self.walkthrough = Some(Walkthrough::Provider(Box::new(choices)));
        effects
    }

    /// Takes in a click.
    pub(in super::super) fn provider_click(&mut self, click: ProviderClick) -> Vec<Effect> {
        let stop = self.stop_key.clone();
        let Some(choices) = self.provider() else { return Vec::new() };
        match click {
            ProviderClick::Choose(provider) => {
                if choices.provider != provider {
                    (choices.provider, choices.more, choices.not_taken) = (provider, false, Vec::new());
                }
            }
            ProviderClick::Typed(name, value) => {
                choices.typed.retain(|(typed, _)| *typed != name);
                choices.typed.push((name, TypedKey(value)));
                choices.not_taken.retain(|not_taken| not_taken.name.as_deref().is_some_and(|its| its != name));
            }
            ProviderClick::More => choices.more = !choices.more,
            ProviderClick::Scope(scope) => {
                choices.scope = scope;
                choices.not_taken.clear();
            }
            ProviderClick::Test => return self.test_provider(),
            ProviderClick::Agree(yes) => {
                let Trying::Asks(asked) = std::mem::take(&mut choices.tried) else { return Vec::new() };
                if yes {
                    choices.agreed.extend(asked);
                    return self.test_provider();
                }
            }
            ProviderClick::StopTest => stop.stop(),
        }
        Vec::new()
    }

    fn test_provider(&mut self) -> Vec<Effect> {
        let stop = StopFlag::default();
        let Some(choices) = self.provider() else { return Vec::new() };
        let here = choices.stage == ProviderStage::Test && matches!(choices.prepared.trial, ProviderTrial::At(_));
        if choices.is_busy() || !here {
            return Vec::new();
        }
        choices.tried = Trying::Running;
        let (token, consents) = (choices.prepared.plan.token.clone(), choices.agreed.clone());
        self.stop_key = stop.clone();
        self.running.insert(JobKind::Provider);
        vec![Effect::TestProvider(ProviderTest { token, consents, again: false, stop })]
    }

    /// Takes in what the engine found. After a change everything is looked at anew.
    pub(in super::super) fn provider_news(&mut self, news: ProviderNews) -> Vec<Effect> {
        let ended = matches!(news, ProviderNews::Ended(_));
        self.running.remove(if ended { &JobKind::Repair } else { &JobKind::Provider });
        let Some(choices) = self.provider() else { return Vec::new() };
        let mut then_test = None;
        match news {
            ProviderNews::Form(provider, form) => {
                if choices.provider == provider {
                    choices.form = form;
                }
            }
            ProviderNews::Prepared(prepared) if choices.stage == ProviderStage::Preparing => match prepared {
                Ok(plan) => (choices.prepared, choices.stage) = (*plan, ProviderStage::Test),
                Err(why) => {
                    let is_more = |field: &FieldText| {
                        let named = |not: &NotTaken| not.name.as_deref() == Some(field.name);
                        field.need == Need::Optional && why.iter().any(named)
                    };
                    choices.more |= choices.form.iter().flat_map(|form| &form.fields).any(is_more);
                    (choices.not_taken, choices.stage) = (why, ProviderStage::Form);
                    choices.times += 1;
                }
            },
            ProviderNews::Prepared(_) => {}
            ProviderNews::Asks(asked) => choices.tried = Trying::Asks(asked),
            ProviderNews::Told(answer) => choices.tried = Trying::Told(answer),
            ProviderNews::Ended(end) => {
                if matches!(end, ProviderEnd::SetUp { verified: true, .. }) {
                    // The person has named the address, or has agreed to it.
                    let host = match &choices.prepared.trial {
                        ProviderTrial::At(host) => Some(Consent::ProjectEndpoint { host: host.clone() }),
                        _ => None,
                    };
                    then_test = Some(choices.agreed.iter().cloned().chain(host).collect());
                }
                if matches!(end, ProviderEnd::SetUp { .. }) {
                    // What was typed is where it belongs.
                    choices.typed.clear();
                }
                choices.stage = ProviderStage::Ended(end);
            }
        }
        let effects = if ended { self.scan(ShellUse::Again) } else { Vec::new() };
        self.then_test = then_test;
        effects
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::{Action, reports};
    use super::*;

    fn field(name: &'static str, shape: Shape, need: Need, shown: Option<&str>) -> FieldText {
        let present = shown.map(|shown| PresentText { shown: Some(shown.to_owned()), place: "a file".to_owned() });
        let secret = shape == Shape::Key;
        FieldText { name, label: String::new(), found: String::new(), shape, need, secret, present }
    }

    fn form() -> ProviderForm {
        let fields = vec![
            field("ANTHROPIC_VERTEX_PROJECT_ID", Shape::GoogleProject, Need::Needed, None),
            field("CLOUD_ML_REGION", Shape::GoogleRegion, Need::Needed, Some("us-east5")),
            field("ANTHROPIC_AUTH_TOKEN", Shape::Key, Need::Optional, Some("…WXYZ")),
        ];
        ProviderForm { fields, ..ProviderForm::default() }
    }

    fn asked() -> State {
        let mut state = State::default();
        state.update(Action::OpenWalkthrough(WalkthroughKind::Provider));
        state.update(Action::Provider(ProviderClick::Choose(Provider::Vertex)));
        let effects = state.update(Action::Go(Go::Next));
        assert!(matches!(effects[..], [Effect::AskForProvider(_, Provider::Vertex)]), "{effects:?}");
        state.update(Action::ProviderNews(ProviderNews::Form(Provider::Vertex, Some(form()))));
        state
    }

    fn typed(state: &mut State, name: &'static str, value: &str) {
        state.update(Action::Provider(ProviderClick::Typed(name, Secret::new(value))));
    }

    fn given(state: &mut State) -> Vec<String> {
        let effects = state.update(Action::Go(Go::Next));
        let [Effect::PrepareProvider(asked)] = &effects[..] else { panic!("{effects:?}") };
        asked.asked.values.iter().map(|(name, _)| name.clone()).collect()
    }

    fn planned(trial: ProviderTrial) -> Action {
        let plan = ProviderPlan { trial, ..ProviderPlan::default() };
        Action::ProviderNews(ProviderNews::Prepared(Ok(Box::new(plan))))
    }

    fn stage(state: &mut State) -> ProviderStage {
        state.provider().unwrap().stage.clone()
    }

    #[test]
    fn what_is_there_and_was_not_changed_is_not_written_again() {
        let mut state = asked();
        typed(&mut state, "CLOUD_ML_REGION", "us-east5");
        typed(&mut state, "ANTHROPIC_VERTEX_PROJECT_ID", "shop-7");
        assert_eq!(given(&mut state), ["ANTHROPIC_VERTEX_PROJECT_ID"]);
        let refused = vec![NotTaken { name: Some("ANTHROPIC_AUTH_TOKEN".to_owned()), text: String::new() }];
        state.update(Action::ProviderNews(ProviderNews::Prepared(Err(refused))));
        assert!(state.provider().unwrap().more, "what was not taken can be seen");
        typed(&mut state, "CLOUD_ML_REGION", "global");
        assert_eq!(given(&mut state), ["ANTHROPIC_VERTEX_PROJECT_ID", "CLOUD_ML_REGION"]);
    }

    #[test]
    fn a_form_and_a_plan_that_come_late_take_no_others_place() {
        let mut state = asked();
        state.update(Action::ProviderNews(ProviderNews::Form(Provider::Bedrock, None)));
        assert!(state.provider().unwrap().form.is_some());
        state.update(planned(ProviderTrial::NoAddress));
        assert_eq!(stage(&mut state), ProviderStage::Form);
        state.update(Action::Go(Go::Next));
        state.update(Action::Go(Go::Stop));
        state.update(Action::OpenWalkthrough(WalkthroughKind::Provider));
        state.update(planned(ProviderTrial::NoAddress));
        assert_eq!(stage(&mut state), ProviderStage::Which);
    }

    #[test]
    fn a_change_is_not_left_alone_and_its_proof_turns_the_light() {
        let mut state = asked();
        state.update(Action::Go(Go::Next));
        state.update(planned(ProviderTrial::At("gw.example".to_owned())));
        assert!(state.update(Action::Go(Go::Next)).is_empty(), "it is tested, or that is skipped");
        state.update(Action::Provider(ProviderClick::Test));
        assert!(state.is_in_the_middle());
        state.update(Action::Go(Go::Skip));
        assert_eq!(stage(&mut state), ProviderStage::Test, "a test that goes on is stopped first");
        state.update(Action::ProviderNews(ProviderNews::Told(KeyAnswer::Accepted)));
        state.update(Action::Go(Go::Next));
        let effects = state.update(Action::Go(Go::Next));
        assert!(matches!(&effects[..], [Effect::SetProviderUp(test)] if test.again), "{effects:?}");
        state.update(Action::Go(Go::Stop));
        assert_eq!(stage(&mut state), ProviderStage::Working);
        let end = ProviderEnd::SetUp { change: "c".to_owned(), proof: String::new(), verified: true };
        let effects = state.update(Action::ProviderNews(ProviderNews::Ended(end)));
        assert!(matches!(&effects[..], [Effect::Scan(_)]), "{effects:?}");
        let arrived = || Action::ReportArrived(JobKind::Scan, Arc::new(reports::healthy()));
        let tests = |effects: Vec<Effect>| effects.iter().filter(|one| matches!(one, Effect::Test(_))).count();
        assert_eq!(tests(state.update(arrived())), 1);
        assert_eq!(tests(state.update(arrived())), 0, "once");
    }
}
