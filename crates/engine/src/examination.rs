//! One examination from start to end: look, judge, and on request test. Both faces call it.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use authlight_core::claude_code;
use authlight_core::contexts::{ContextEnvironment, Elsewhere};
use authlight_core::installs::Condition;
use authlight_core::judge::{self, Facts, RunFacts};
use authlight_core::providers::sign_in::{self, Line, Place};
use authlight_core::proxy::Choice;
use authlight_core::report::{CredentialKind, Live, Outcome, Provider, Reached, Report, Source, StageRow};
use authlight_core::route::Resolution;
use authlight_core::secret::Secret;
use authlight_core::selection::Selection;
use authlight_core::shell::Profiles;
use authlight_core::snapshot::{Platform, Snapshot, Variable};
use authlight_core::what_if::Removal;
use url::Url;

use crate::live::{
    self, Audience, Carried, ClientFiles, Cloud, Consent, Given, Helper, HelperGives, OwnClaude, Proxy, RunProgram,
    Runs, Trust,
};
use crate::machine::scan::{scan, scan_beside};
use crate::machine::{self, Machine};
use crate::report_out::secrets_met::{secrets_met, secrets_of};
use crate::words::Language;
use authlight_core::snapshot::Examined;

/// The model that Claude Code 2.1.330 takes by default. An endpoint that does not know it has looked at the key by then.
const DEFAULT_MODEL: &str = "claude-opus-5-5";

/// How a test is made.
#[derive(Clone, Copy)]
pub struct Trial<'a> {
    /// Where a path of the examined machine lies on this one.
    pub outside: &'a dyn Fn(&str) -> PathBuf,
    /// What the person agreed to.
    pub consents: &'a [Consent],
    /// How long it may take.
    pub deadline: Duration,
    /// Set when nobody wants the answer any more.
    pub cancel: &'a AtomicBool,
    /// Runs the programs that the person agreed to.
    pub run: RunProgram<'a>,
}

/// What was read and what follows from it.
pub struct Examination {
    /// What was read.
    pub snapshot: Snapshot,
    /// What follows.
    pub resolution: Resolution,
    /// The same question in other contexts and folders.
    pub elsewhere: Vec<Elsewhere>,
    /// What was met there.
    met_elsewhere: Vec<Secret>,
    /// The other environments of the same folder, in the order of what is known of them.
    environments: Vec<ContextEnvironment>,
    /// What a helper gave in a test.
    met_in_tests: Mutex<Vec<Secret>>,
    started: Instant,
    run_id: String,
}

impl Examination {
    /// Looks.
    pub fn look(machine: &dyn Machine, examined: Examined) -> Self {
        let started = Instant::now();
        Self::of(scan(machine, examined), started)
    }

    /// Looks, where it is known what the person's profiles say.
    pub(crate) fn look_beside(machine: &dyn Machine, examined: Examined, profiles: Profiles) -> Self {
        let started = Instant::now();
        Self::of(scan_beside(machine, examined, profiles), started)
    }

    fn of(snapshot: Snapshot, started: Instant) -> Self {
        let resolution = authlight_core::route::resolve(&snapshot);
        let run_id = crate::machine::run_id();
        let (elsewhere, met_elsewhere, environments, met_in_tests) = Default::default();
        Self { snapshot, resolution, elsewhere, met_elsewhere, environments, met_in_tests, started, run_id }
    }

    /// The same machine without these things, by the same rules and without a look at it. `None`: other files would be
    /// read then.
    pub fn without(&self, removals: &[Removal]) -> Option<Self> {
        let started = Instant::now();
        let mut snapshot = self.snapshot.without(removals)?;
        let resolution = authlight_core::route::resolve(&snapshot);
        if self.elsewhere.len() != self.environments.len() {
            return None;
        }
        let environments = self.environments.iter().map(|environment| environment.clone().without(removals));
        let environments: Vec<_> = environments.collect();
        let answers = environments.iter().map(|environment| snapshot.answer_in(environment.clone()));
        let elsewhere = answers.collect::<Option<Vec<_>>>()?;
        let met_elsewhere = self.met_elsewhere.clone();
        let run_id = crate::machine::run_id();
        let met_in_tests = Mutex::default();
        Some(Self { snapshot, resolution, elsewhere, met_elsewhere, environments, met_in_tests, started, run_id })
    }

    /// Looks at the same folder in another environment too.
    pub fn also_in(&mut self, machine: &dyn Machine, environment: ContextEnvironment) {
        self.met_elsewhere.extend(secrets_of(&environment.variables));
        self.environments.push(environment.clone());
        if let Some(answer) = self.snapshot.answer_in(environment.clone()) {
            self.elsewhere.push(answer);
            return;
        }
        let examined = self.snapshot.examined.in_context(environment);
        let there = Self::look_beside(machine, examined, self.snapshot.shell.clone());
        self.also(&there, None);
    }

    /// Tells of another examination too, and of all that it tells of. `code` names what was found there.
    pub fn also(&mut self, there: &Self, code: Option<Cow<'static, str>>) {
        self.met_elsewhere.extend(there.secrets());
        self.elsewhere.push(Elsewhere { code, ..Elsewhere::of(&there.snapshot, there.resolution.clone()) });
        self.elsewhere.extend(there.elsewhere.iter().cloned());
    }

    /// The report, in words.
    pub fn report(&self, live: &Live, words: &Language) -> Report {
        self.report_of(live, words, &Selection::default())
    }

    /// What the checks look at.
    pub fn facts<'a>(&'a self, live: &'a Live) -> Facts<'a> {
        Facts { snapshot: &self.snapshot, resolution: &self.resolution, live, elsewhere: &self.elsewhere }
    }

    /// The name of this run, as its reports have it.
    pub fn run_id(&self) -> &str {
        &self.run_id
    }

    /// Every secret that was met.
    pub fn secrets(&self) -> Vec<Secret> {
        let mut met = secrets_met(&self.snapshot, &self.resolution);
        met.extend(self.met_elsewhere.iter().cloned());
        met.extend(self.met_in_tests.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned());
        met
    }

    /// The report on some of the checks, in words.
    pub fn report_of(&self, live: &Live, words: &Language, selection: &Selection) -> Report {
        let run = RunFacts {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            id: self.run_id.clone(),
            online: !live.stages.is_empty(),
            clock: crate::machine::clock,
        };
        let mut report = judge::report_of(&self.facts(live), &run, selection);
        report.say(words);
        report.run.duration_ms = (self.started.elapsed().as_micros() as f64) / 1000.0;
        report
    }

    /// Tests the credential where Claude Code would send it, and, with the person's word for it, by their own `claude`.
    /// `None`: there is no address to ask.
    pub fn test(&self, trial: &Trial<'_>, progress: &mut dyn FnMut(&StageRow)) -> Option<Live> {
        let Trial { outside, consents, deadline, cancel, run } = *trial;
        let mut audience = self.audience(outside)?;
        if let Some(helper) = audience.helper.clone().filter(|helper| live::may_run(&audience, helper, consents)) {
            match helper.ask(run, deadline, cancel) {
                Ok(given) => {
                    let mut met = self.met_in_tests.lock().unwrap_or_else(PoisonError::into_inner);
                    met.extend(given.secrets());
                    match given {
                        Given::Headers(filled) => audience.headers.extend(filled),
                        Given::Cloud(sign_in) => {
                            audience.cloud = audience.cloud.map(|cloud| Arc::new(cloud.with(sign_in)));
                        }
                    }
                }
                Err(without) => {
                    without.stages.iter().for_each(progress);
                    return Some(*without);
                }
            }
        }
        let mut live = live::test(&audience, consents, deadline, cancel, progress);
        live.reached = self.reached(&audience, outside, deadline, cancel);
        let troubled = matches!(live.outcome, Outcome::ServerError | Outcome::TimedOut);
        if troubled && consents.contains(&Consent::ServiceStatus) && audience.provider == Provider::Anthropic {
            let page = Url::parse(claude_code::STATUS_PAGE).ok().map(|page| self.at(page, outside));
            live.service = page.and_then(|page| live::service(&page, deadline, cancel));
        }
        let agreed = consents.iter().any(|consent| matches!(consent, Consent::OwnClaude { .. }));
        match self.own_claude(outside).filter(|_| agreed) {
            Some(own) => Some(own.prove(live, run, cancel, progress)),
            None => Some(live),
        }
    }

    /// Tests the key alone, with another in its place where one is given: the first of the two is replaced by the second.
    /// Nobody else's program is run.
    pub fn test_with(&self, instead: Option<(&Secret, &Secret)>, trial: &Trial<'_>) -> Live {
        let Some(mut audience) = self.audience(trial.outside) else { return Live::default() };
        if let Some((old, new)) = instead {
            for carried in audience.headers.iter_mut().filter(|carried| carried.secret.same_as(old)) {
                carried.secret = new.clone();
            }
        }
        audience.helper = None;
        live::test(&audience, trial.consents, trial.deadline, trial.cancel, &mut |_| {})
    }

    /// The person's own `claude`, with the environment that is examined. None where there is none, or where another
    /// machine is examined than the one that runs.
    pub fn own_claude(&self, outside: &dyn Fn(&str) -> PathBuf) -> Option<OwnClaude> {
        let first = self.snapshot.installs.first().filter(|first| first.condition == Condition::Runs)?;
        let examined = &self.snapshot.examined;
        let arguments = &examined.arguments;
        let bare = arguments.bare.then(|| "--bare".to_owned());
        let after = |name: &str, value: Option<String>| value.map(|value| [name.to_owned(), value]);
        let sources = after("--setting-sources", arguments.setting_sources.as_ref().map(|sources| sources.join(",")));
        let settings = after("--settings", arguments.settings.clone());
        Some(OwnClaude {
            program: PathBuf::from(&first.path),
            arguments: bare.into_iter().chain(sources.into_iter().chain(settings).flatten()).collect(),
            folder: self.folder_of_programs(),
            environment: self.environment_of_programs(&examined.variables),
        })
        .filter(|_| self.is_of_this_machine(outside))
    }

    /// Where Claude Code is started.
    fn folder_of_programs(&self) -> PathBuf {
        let examined = &self.snapshot.examined;
        PathBuf::from(examined.project.as_ref().unwrap_or(&examined.home))
    }

    /// What such a program is started with: these variables, and of this process what is none of them.
    fn environment_of_programs(&self, variables: &[Variable]) -> Vec<(OsString, OsString)> {
        let examined = &self.snapshot.examined;
        let mut environment = machine::environment_of_a_new_program(examined.platform, variables);
        let home = if examined.platform == Platform::Windows { "USERPROFILE" } else { "HOME" };
        environment.retain(|(name, _)| name != home);
        environment.push((home.into(), examined.home.clone().into()));
        environment
    }

    /// What a program is started with that installs others: where things lie and the way to the network, and no credential.
    pub fn environment_for_installing(&self) -> Vec<(OsString, OsString)> {
        use authlight_core::claude_code::variables::{self, Purpose};
        let platform = self.snapshot.examined.platform;
        let is_needed = |variable: &&Variable| {
            let fact = variables::named(platform, &variable.name);
            fact.is_some_and(|fact| matches!(fact.purpose, Purpose::Machine | Purpose::Proxy | Purpose::Certificates))
        };
        let needed: Vec<_> = self.snapshot.examined.variables.iter().filter(is_needed).cloned().collect();
        self.environment_of_programs(&needed)
    }

    /// Whether the examined files are those of the running system: a program of another one is never run.
    pub fn is_of_this_machine(&self, outside: &dyn Fn(&str) -> PathBuf) -> bool {
        let home = self.snapshot.examined.home.as_str();
        outside(home) == Path::new(home)
    }

    /// The command whose key would be sent.
    fn helper(&self, outside: &dyn Fn(&str) -> PathBuf) -> Option<Helper> {
        let resolution = &self.resolution;
        let fills: Vec<_> = resolution
            .sends
            .iter()
            .filter(|sent| sent.credential == CredentialKind::ApiKeyHelper && sent.value.is_none())
            .map(|sent| (sent.header, sent.bearer))
            .collect();
        let named = resolution.candidates.helper.first().filter(|_| !fills.is_empty())?;
        Some(Helper {
            command: named.value.plain().to_owned(),
            named_in: named.source.path.clone().unwrap_or_default(),
            runs: Runs::Shell,
            folder: self.folder_of_programs(),
            environment: self.environment_of_helpers(),
            gives: HelperGives::Key(fills),
        })
        .filter(|_| self.is_of_this_machine(outside))
    }

    /// What a program is started with that Claude Code starts.
    fn environment_of_helpers(&self) -> Vec<(OsString, OsString)> {
        let mut environment = self.snapshot.examined.variables.clone();
        // What settings set, Claude Code hands on.
        let all = self.resolution.environment.iter();
        let winners = all.filter_map(|(name, setting)| Some((name, setting.winner()?)));
        environment.extend(winners.map(|(name, place)| Variable {
            name: name.to_owned(),
            value: place.value.clone(),
            source: place.source.clone(),
        }));
        self.environment_of_programs(&environment)
    }

    /// The program that gives a cloud's credential where the test does not come by it alone, and whether a project
    /// chose it. None, where it is not installed. On Windows none of them is run, as with `apiKeyHelper`.
    fn cloud_helper(&self, cloud: &Cloud, outside: &dyn Fn(&str) -> PathBuf) -> Option<(Helper, bool)> {
        let program = cloud.program().filter(|_| !cfg!(windows) && self.is_of_this_machine(outside))?;
        let environment = self.environment_of_helpers();
        let mut by_project = sign_in::is_chosen_by_project(&self.snapshot, &self.resolution.environment, program);
        let (command, runs) = match &program.line {
            Line::Shell(line) => (line.clone(), Runs::Shell),
            Line::Tool(name, arguments) => {
                let tool = installed(name, &environment)?;
                by_project |= self.snapshot.examined.lies_in_project(&tool.to_string_lossy());
                let command = format!("{} {}", tool.display(), arguments.join(" "));
                (command, Runs::Tool(tool, arguments.iter().map(OsString::from).collect()))
            }
        };
        let named_in = program.source.as_ref().and_then(|source| source.path.clone()).unwrap_or_default();
        let (folder, gives) = (self.folder_of_programs(), HelperGives::Cloud(program.gives));
        Some((Helper { command, named_in, runs, folder, environment, gives }, by_project))
    }

    /// Asks another address, without any credential. The proxy and what is believed are those of this machine.
    pub fn test_address(
        &self,
        base: Url,
        outside: &dyn Fn(&str) -> PathBuf,
        consents: &[Consent],
        deadline: Duration,
        cancel: &AtomicBool,
        progress: &mut dyn FnMut(&StageRow),
    ) -> Live {
        live::test(&self.at(base, outside), consents, deadline, cancel, progress)
    }

    /// How far the endpoint is reached, and which certificates it shows. No credential is sent. `None`: there is no
    /// address.
    pub fn look_at_certificates(&self, trial: &Trial<'_>) -> Option<(Live, Option<live::chain::ShownChain>)> {
        let base = Url::parse(&self.resolution.base.as_ref().ok()?.url).ok()?;
        let endpoint = Audience { endpoint_from_project: self.project_chose(true), ..self.at(base, trial.outside) };
        Some(live::chain::look(&endpoint, trial.consents, trial.deadline, trial.cancel))
    }

    /// How far the hosts are reached that a browser login needs; where it is not used, nobody looks.
    fn reached(
        &self,
        audience: &Audience,
        outside: &dyn Fn(&str) -> PathBuf,
        deadline: Duration,
        cancel: &AtomicBool,
    ) -> Vec<Reached> {
        let signs_in = audience.is_claude_ai_login || audience.headers.is_empty() && audience.helper.is_none();
        if audience.provider != Provider::Anthropic || !signs_in {
            return Vec::new();
        }
        let hosts = claude_code::LOGIN_HOSTS.iter().filter_map(|host| Url::parse(host).ok());
        let hosts: Vec<_> = hosts.filter(|host| host.origin() != audience.base.origin()).collect();
        let hosts: Vec<_> = hosts.into_iter().map(|host| self.at(host, outside)).collect();
        live::reach(&hosts, deadline, cancel)
    }

    /// An address without any credential, on the way that Claude Code would take there.
    fn at(&self, base: Url, outside: &dyn Fn(&str) -> PathBuf) -> Audience {
        let (host, port) = (base.host_str().unwrap_or_default(), base.port_or_known_default().unwrap_or(443));
        let https = base.scheme() == "https";
        let choice = authlight_core::proxy::choose(&self.resolution.environment, host, port, https);
        Audience {
            provider: Provider::Gateway,
            headers: Vec::new(),
            helper: None,
            extra_headers: Vec::new(),
            model: self.model(),
            proxy: self.proxy(&choice, https),
            trust: self.trust(outside),
            endpoint_from_project: self.project_chose(false),
            is_claude_ai_login: false,
            cloud: None,
            base,
        }
    }

    /// To whom the test speaks, and with what. `outside` tells where a path of the examined machine lies on this one.
    /// `None`: there is no address to ask.
    pub fn audience(&self, outside: &dyn Fn(&str) -> PathBuf) -> Option<Audience> {
        let resolution = &self.resolution;
        let base = Url::parse(&resolution.base.as_ref().ok()?.url).ok()?;
        let login = [CredentialKind::Login, CredentialKind::OauthToken, CredentialKind::Profile];
        let carried = resolution.sends.iter().filter_map(|sent| {
            let secret = sent.value.clone()?;
            Some(Carried { header: sent.header, kind: sent.credential, secret, bearer: sent.bearer })
        });
        let credential = |name: &str| ["authorization", "x-api-key"].iter().any(|own| name.eq_ignore_ascii_case(own));
        let extra = resolution.custom_headers.iter().filter(|header| !credential(&header.name));
        let mut audience = Audience {
            proxy: self.proxy(&resolution.proxy, base.scheme() == "https"),
            model: self.model(),
            base,
            provider: resolution.provider,
            headers: carried.collect(),
            helper: self.helper(outside),
            extra_headers: extra.map(|header| (header.name.clone(), header.value.clone())).collect(),
            trust: self.trust(outside),
            endpoint_from_project: self.project_chose(true),
            is_claude_ai_login: resolution.sends.iter().any(|sent| login.contains(&sent.credential)),
            cloud: None,
        };
        if let Some(cloud) = self.cloud(&audience, outside) {
            // A key that signs is no header.
            let kept = |carried: &Carried| cloud.is_carried() || carried.kind != CredentialKind::CloudProvider;
            audience.headers.retain(kept);
            if let Some((helper, by_project)) = self.cloud_helper(&cloud, outside) {
                audience.endpoint_from_project |= by_project;
                audience.helper = Some(helper);
            }
            audience.cloud = Some(Arc::new(cloud));
        }
        if audience.is_claude_ai_login {
            // The way there can be tested all the same.
            audience.headers.clear();
            audience.extra_headers.clear();
        }
        Some(audience)
    }

    /// What the cloud that is switched on needs to be signed in to.
    fn cloud(&self, models: &Audience, outside: &dyn Fn(&str) -> PathBuf) -> Option<Cloud> {
        let environment = &self.resolution.environment;
        let found = sign_in::of(&self.snapshot, &self.resolution)?;
        let named = self.resolution.cloud.is_some_and(|cloud| environment.text(cloud.base_url).is_some());
        let reached = |base: Url, place: &Place| {
            let (host, port) = (base.host_str().unwrap_or_default(), base.port_or_known_default().unwrap_or(443));
            let https = base.scheme() == "https";
            let proxy = self.proxy(&authlight_core::proxy::choose(environment, host, port, https), https);
            let by_project = |source| self.snapshot.examined.is_of_project(source);
            let endpoint_from_project = self.project_chose(false) || place.source.as_ref().is_some_and(by_project);
            let (headers, extra_headers) = Default::default();
            let (helper, cloud) = (None, None);
            Audience { base, proxy, headers, extra_headers, endpoint_from_project, helper, cloud, ..models.clone() }
        };
        Some(Cloud::new(found, !named, outside, &reached))
    }

    /// The model that Claude Code was told to use, where it is named in full and not by an alias; else its default.
    fn model(&self) -> String {
        let named = self.resolution.environment.text("ANTHROPIC_MODEL");
        // `[1m]` behind it asks for a longer context.
        let named = named.map(|model| model.split('[').next().unwrap_or_default().trim());
        named.filter(|model| model.contains(['-', '/', '.'])).unwrap_or(DEFAULT_MODEL).to_owned()
    }

    fn proxy(&self, choice: &Choice, https: bool) -> Option<Proxy> {
        let address = match choice {
            Choice::Through(_) | Choice::Unsupported(_) => {
                authlight_core::proxy::address(&self.resolution.environment, https)
            }
            Choice::Direct
            | Choice::Bypassed(_)
            | Choice::PromptsBypass(..)
            | Choice::NotAUrl { .. }
            | Choice::NoSuchHost { .. } => None,
        };
        address.map(Proxy::new)
    }

    fn trust(&self, outside: &dyn Fn(&str) -> PathBuf) -> Trust {
        let environment = &self.resolution.environment;
        let file = |name: &str| {
            let mut files = self.snapshot.certificate_files.iter();
            files.find(|file| file.variable == name).map(|file| outside(&file.path))
        };
        Trust {
            extra_ca_files: file("NODE_EXTRA_CA_CERTS").into_iter().collect(),
            ssl_cert_file: file("SSL_CERT_FILE"),
            client: file("CLAUDE_CODE_CLIENT_CERT")
                .zip(file("CLAUDE_CODE_CLIENT_KEY"))
                .map(|(certificate, key)| ClientFiles { certificate, key }),
            bundled_only: environment.text("CLAUDE_CODE_CERT_STORE") == Some("bundled"),
            unchecked: authlight_core::certificates::are_unchecked(environment),
        }
    }

    /// Whether the project names the proxy or what is believed.
    pub(crate) fn project_chose_the_way(&self) -> bool {
        self.project_chose(false)
    }

    /// Whether the project names the proxy, what is believed, or, where that counts, the address.
    fn project_chose(&self, address_counts: bool) -> bool {
        let (examined, resolution) = (&self.snapshot.examined, &self.resolution);
        let from_project = |source: &Source| examined.is_of_project(source);
        let variables = [
            "NODE_EXTRA_CA_CERTS",
            "SSL_CERT_FILE",
            "CLAUDE_CODE_CERT_STORE",
            "CLAUDE_CODE_CLIENT_CERT",
            "CLAUDE_CODE_CLIENT_KEY",
        ];
        let proxies = authlight_core::proxy::VARIABLES;
        let mut believed = self.snapshot.certificate_files.iter().filter(|file| variables.contains(&file.variable));
        let helper = resolution.candidates.helper.first();
        let helps = resolution.sends.iter().any(|sent| sent.credential == CredentialKind::ApiKeyHelper);
        (address_counts && resolution.base_source.as_ref().is_some_and(from_project))
            || (address_counts && helps && helper.is_some_and(|place| from_project(&place.source)))
            || believed.any(|file| examined.lies_in_project(&file.path))
            || variables
                .iter()
                .chain(&proxies)
                .filter_map(|name| resolution.environment.winner(name))
                .any(|place| from_project(&place.source))
    }
}

/// Where the system would find a program, by the `PATH` of an environment.
fn installed(name: &str, environment: &[(OsString, OsString)]) -> Option<PathBuf> {
    let (_, folders) = environment.iter().rfind(|(variable, _)| variable == "PATH")?;
    let runs = |path: &PathBuf| path.metadata().is_ok_and(|metadata| metadata.is_file() && is_executable(&metadata));
    std::env::split_paths(folders).filter(|folder| folder.is_absolute()).map(|folder| folder.join(name)).find(runs)
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::practice::Scenario;

    /// The audience of a scenario's machine.
    fn audience(mut scenario: Value) -> Audience {
        let onboarded = json!({"hasCompletedOnboarding": true, "theme": "dark"});
        scenario["files"]["~/.claude.json"] = json!({"json": onboarded});
        (scenario["name"], scenario["mode"]) = (json!("audience"), json!("print"));
        let home = Scenario::from_json(&scenario.to_string()).unwrap().home_at(0, None).unwrap();
        let examination = Examination::look(&home.machine(), home.examined());
        examination.audience(&|path| PathBuf::from(path)).unwrap()
    }

    #[test]
    fn a_relative_certificate_file_is_looked_for_where_claude_is_started() {
        let files = json!({"NODE_EXTRA_CA_CERTS": "ca.pem", "SSL_CERT_FILE": "../bundle.pem"});
        let trust = audience(json!({"project": "/home/kim/shop", "environment": files})).trust;
        assert_eq!(trust.extra_ca_files, [PathBuf::from("/home/kim/shop/ca.pem")]);
        assert_eq!(trust.ssl_cert_file, Some(PathBuf::from("/home/kim/shop/../bundle.pem")));
    }

    #[test]
    fn whatever_lies_in_the_project_is_the_projects_choice() {
        let needed = |environment: Value, project: &str, settings: &str| {
            let key = json!("{{key:api:CANARY1}}");
            let mut environment = environment;
            environment["ANTHROPIC_API_KEY"] = key;
            let chosen = json!({"json": {"env": {"ANTHROPIC_BASE_URL": "https://gw.example"}}});
            let mut files = json!({});
            files[settings] = chosen;
            live::needed(&audience(json!({"project": project, "environment": environment, "files": files})))
        };
        let asks = [Consent::ProjectEndpoint { host: "gw.example".to_owned() }];
        for (config, settings) in [("", "settings.json"), ("conf", "conf/settings.json")] {
            let moved = json!({ "CLAUDE_CONFIG_DIR": config });
            assert_eq!(needed(moved, "/home/kim/shop", &format!("/home/kim/shop/{settings}")), asks, "{config:?}");
        }
        for project in ["/home/kim", "/home", "/home/kim/shop", "/home/kim/shopping"] {
            assert_eq!(needed(json!({}), project, "/home/kim/.claude/settings.json"), [], "{project}");
        }
        for file in ["ca.pem", "/home/kim/shop/ca.pem"] {
            let named = json!({"NODE_EXTRA_CA_CERTS": file});
            assert_eq!(needed(named, "/home/kim/shop", "/home/kim/.claude/settings.json"), asks, "{file}");
        }
    }

    #[test]
    fn each_choice_of_a_project_needs_a_word() {
        let files = |env: Value| json!({"/home/kim/shop/.claude/settings.json": {"json": {"env": env}}});
        for env in [
            json!({"ANTHROPIC_BASE_URL": "https://api.anthropic.com"}),
            json!({"HTTPS_PROXY": "http://proxy.example:3128"}),
            json!({"NODE_EXTRA_CA_CERTS": "/etc/ssl/gw.pem"}),
        ] {
            let key = json!({"ANTHROPIC_API_KEY": "{{key:api:CANARY1}}"});
            let audience =
                audience(json!({"project": "/home/kim/shop", "environment": key, "files": files(env.clone())}));
            let asks = [Consent::ProjectEndpoint { host: "api.anthropic.com".to_owned() }];
            assert_eq!(live::needed(&audience), asks, "{env}");
        }
    }

    #[test]
    fn a_login_is_left_out_of_the_test_of_its_way() {
        let token = json!({"CLAUDE_CODE_OAUTH_TOKEN": "{{key:oat:CANARY1}}", "ANTHROPIC_CUSTOM_HEADERS": "X-A: b"});
        let audience = audience(json!({ "environment": token }));
        assert!(audience.is_claude_ai_login && audience.headers.is_empty() && audience.extra_headers.is_empty());
        assert_eq!(live::needed(&audience), []);
    }
}
