//! Reports made by hand: what a person can meet on the main screen. Keys are fake.

use authlight_core::message::Message;
use authlight_core::report::*;

pub const HEALTHY: &str = "Set up. Not tested yet.";
pub const SHADOWED: &str = "A key is used instead of your Claude login";

fn source(kind: SourceKind, scope: Option<Scope>, path: &str, line: usize, name: &str) -> Source {
    Source {
        scope,
        path: (!path.is_empty()).then(|| path.to_owned()),
        line: (line > 0).then_some(line),
        column: (line > 0).then_some(5),
        name: (!name.is_empty()).then(|| name.to_owned()),
        ..Source::new(kind)
    }
}

pub fn user_settings(line: usize, name: &str) -> Source {
    source(SourceKind::Settings, Some(Scope::User), "~/.claude/settings.json", line, name)
}

fn login_file() -> Source {
    source(SourceKind::CredentialsFile, None, "~/.claude/.credentials.json", 0, "")
}

fn rung(kind: CredentialKind, name: &str, state: State, source: Option<Source>, why: &str) -> Rung {
    let instance = match &source {
        Some(source) => Instance::of(source, name),
        None => Instance(format!("absent:{name}")),
    };
    Rung {
        kind,
        name: (!name.is_empty()).then(|| name.to_owned()),
        state,
        shadowed_by: None,
        headers: Vec::new(),
        source,
        masked: None,
        looks_like: None,
        expires: None,
        why: Message::new(why.to_owned()),
        also_in: Vec::new(),
        instance,
        evidence: None,
    }
}

fn absent(kind: CredentialKind, name: &str) -> Rung {
    rung(kind, name, State::Absent, None, "It is not set anywhere that this context sees.")
}

fn cause(id: Cause, light: Light, status: Status, reason: Option<GreyReason>, headline: &str) -> CauseReport {
    CauseReport {
        id,
        light,
        status,
        owner: Owner::Person,
        reason,
        headline: Message::new(headline.to_owned()),
        checks: vec![passed(id, headline)],
    }
}

fn passed(id: Cause, text: &str) -> Finding {
    Finding {
        id: format!("{}.looked", id.word()).into(),
        status: Status::Pass,
        code: None,
        owner: Owner::Person,
        text: Message::new(text.to_owned()),
        saw: None,
        why: None,
        to_do: None,
        debug: String::new(),
        evidence: Vec::new(),
        instance: Instance(id.word().to_owned()),
        fix: None,
        help: None,
        duration_ms: 0.1,
    }
}

fn finding(status: Status, code: &'static str, text: &str, [saw, why, to_do]: [&str; 3], at: Source) -> Finding {
    let name = at.name.clone().unwrap_or_default();
    Finding {
        id: "C4.settings_env_overrides_shell".into(),
        status,
        code: Some(code.into()),
        owner: Owner::Person,
        text: Message::new(text.to_owned()),
        saw: Some(Message::new(saw.to_owned())),
        why: Some(Message::new(why.to_owned())),
        to_do: Some(Message::new(to_do.to_owned())),
        debug: "settings env overrides shell".to_owned(),
        instance: Instance::of(&at, &name),
        evidence: vec![at],
        fix: None,
        help: Some("https://code.claude.com/docs/en/settings".into()),
        duration_ms: 0.2,
    }
}

fn login_rung() -> Rung {
    Rung {
        headers: vec![Header::Authorization],
        expires: Some("2026-11-23T18:00:00Z".to_owned()),
        ..rung(
            CredentialKind::Login,
            "",
            State::Wins,
            Some(login_file()),
            "Nothing stronger is set, so the login of this computer signs in.",
        )
    }
}

/// A Max plan's login, nothing else, nothing sent.
pub fn healthy() -> Report {
    let not_tested = Some(GreyReason::NotTested);
    Report {
        schema: SCHEMA.into(),
        tool: Tool {
            version: "0.1.0".to_owned(),
            facts_checked: "2026-11-23".to_owned(),
            facts_for: "2.1.330".to_owned(),
        },
        run: Run {
            id: "0000".to_owned(),
            utc: "2026-11-23T10:12:00Z".to_owned(),
            duration_ms: 3.1,
            online: false,
            context: Context::NewTerminal,
            shell_command: None,
            mode: Mode::Interactive,
            project: Some("~/work/shop".to_owned()),
            as_whom: "user".to_owned(),
        },
        host: Host {
            os: "linux".to_owned(),
            os_version: "12".to_owned(),
            arch: "x86_64".to_owned(),
            wsl: false,
            ssh: false,
            container: false,
            ci: false,
        },
        claude: Claude {
            installs: vec![InstallRow {
                path: "~/.local/bin/claude".to_owned(),
                version: Some("2.1.330".to_owned()),
                kind: "native".to_owned(),
                first: true,
            }],
        },
        verdict: Verdict {
            status: Status::Unknown,
            light: Light::Grey,
            cause: Some(Cause::Login),
            code: None,
            owner: Owner::Person,
            headline: Message::new(HEALTHY),
            check_code: "3MX8-R01K".to_owned(),
        },
        route: Route {
            provider: Provider::Anthropic,
            billing: Billing::Subscription,
            endpoint: Endpoint {
                url: Some("https://api.anthropic.com".to_owned()),
                origin: Some("https://api.anthropic.com".to_owned()),
                source: None,
            },
            proxy: None,
            proxy_bypass: None,
            sends: vec![Sent {
                header: Header::Authorization,
                credential: CredentialKind::Login,
                source: login_file(),
            }],
        },
        prediction: Prediction {
            starts: Some(true),
            asks: None,
            sends_request: Some(true),
            message: None,
            refreshes_first: false,
            background_to: Vec::new(),
            unproven: None,
        },
        ladder: vec![
            login_rung(),
            absent(CredentialKind::AuthToken, "ANTHROPIC_AUTH_TOKEN"),
            absent(CredentialKind::ApiKey, "ANTHROPIC_API_KEY"),
            absent(CredentialKind::ApiKeyHelper, "apiKeyHelper"),
        ],
        contexts: Vec::new(),
        causes: vec![
            cause(Cause::Install, Light::Green, Status::Pass, None, "One copy of Claude Code, version 2.1.330."),
            cause(Cause::SettingsFiles, Light::Green, Status::Pass, None, "All settings files can be read."),
            cause(Cause::Clock, Light::Green, Status::Pass, None, "The clock is right as far as files tell."),
            cause(Cause::Policy, Light::Green, Status::Pass, None, "No policy is set."),
            cause(Cause::Environment, Light::Green, Status::Pass, None, "No key stands in the way."),
            cause(Cause::Login, Light::Grey, Status::Unknown, not_tested, "Max plan, renews itself"),
            cause(
                Cause::Key,
                Light::Grey,
                Status::Skipped,
                Some(GreyReason::NotInUse),
                "The login signs in, no key does",
            ),
            cause(Cause::Scope, Light::Green, Status::Pass, None, "No setting overrides another"),
            cause(Cause::Endpoint, Light::Grey, Status::Unknown, not_tested, "Anthropic, no proxy"),
        ],
        live: Live::default(),
        redaction: Redaction { rules: "2026-11".to_owned(), passed: true },
    }
}

fn put(report: &mut Report, cause: CauseReport) {
    if let Some(place) = report.causes.iter_mut().find(|old| old.id == cause.id) {
        *place = cause;
    }
}

fn with_findings(mut cause: CauseReport, findings: Vec<Finding>) -> CauseReport {
    cause.checks = findings;
    cause
}

/// The commonest real fault: a key in the user settings shadows a paid login.
pub fn key_shadows_login() -> Report {
    let mut report = healthy();
    let place = user_settings(7, "ANTHROPIC_API_KEY");
    report.verdict = Verdict {
        status: Status::Warn,
        light: Light::Amber,
        cause: Some(Cause::Scope),
        code: Some("AL-4-02".into()),
        owner: Owner::Person,
        headline: Message::new(SHADOWED),
        check_code: "7KQ2-F9T4".to_owned(),
    };
    report.route.billing = Billing::Console;
    report.route.sends =
        vec![Sent { header: Header::XApiKey, credential: CredentialKind::ApiKey, source: place.clone() }];
    report.ladder = vec![
        Rung {
            headers: vec![Header::XApiKey],
            masked: Some("…x7Qa".to_owned()),
            looks_like: Some("api_key".into()),
            also_in: vec![AlsoIn {
                source: source(SourceKind::ShellProfile, None, "~/.zshrc", 31, "ANTHROPIC_API_KEY"),
                same_value: false,
                state: State::Shadowed,
            }],
            evidence: Some("case 12: settings env over process env".into()),
            ..rung(
                CredentialKind::ApiKey,
                "ANTHROPIC_API_KEY",
                State::Wins,
                Some(place.clone()),
                "You approved this key on this computer, and Claude Code prefers an approved key to the login.",
            )
        },
        absent(CredentialKind::AuthToken, "ANTHROPIC_AUTH_TOKEN"),
        absent(CredentialKind::ApiKeyHelper, "apiKeyHelper"),
        Rung {
            state: State::Shadowed,
            shadowed_by: Some(CredentialKind::ApiKey),
            headers: Vec::new(),
            why: Message::new("The API key fills the request, so the login is not asked."),
            ..login_rung()
        },
    ];
    put(
        &mut report,
        with_findings(
            cause(Cause::Scope, Light::Amber, Status::Warn, None, "User settings beat your login"),
            vec![
                finding(
                    Status::Warn,
                    "AL-4-02",
                    "A key in your user settings overrides your login",
                    [
                        "ANTHROPIC_API_KEY is set to a key ending …x7Qa, approved on this computer.",
                        "Claude Code prefers it to the login, in every folder. This is the usual reason for “organization disabled” and for unexpected bills.",
                        "Remove the line from the file, or keep it if you mean to pay by key. Then check again.",
                    ],
                    place,
                ),
                passed(Cause::Scope, "No project file overrides yours"),
                passed(Cause::Scope, "No misspelt setting"),
            ],
        ),
    );
    let not_tested = Some(GreyReason::NotTested);
    put(
        &mut report,
        cause(Cause::Key, Light::Grey, Status::Unknown, not_tested, "Its shape is right; nothing was sent"),
    );
    report
}

/// A new computer.
pub fn nothing_configured() -> Report {
    let mut report = healthy();
    report.verdict = Verdict {
        status: Status::Fail,
        light: Light::Red,
        cause: Some(Cause::Login),
        code: Some("AL-2-01".into()),
        headline: Message::new("Nothing signs you in yet"),
        check_code: "1AB2-C3D4".to_owned(),
        ..report.verdict
    };
    report.route.sends = Vec::new();
    report.route.billing = Billing::Unknown;
    report.prediction.sends_request = Some(false);
    report.prediction.message = Some("Not logged in · Please run /login".to_owned());
    report.ladder = vec![
        absent(CredentialKind::AuthToken, "ANTHROPIC_AUTH_TOKEN"),
        absent(CredentialKind::ApiKey, "ANTHROPIC_API_KEY"),
        absent(CredentialKind::ApiKeyHelper, "apiKeyHelper"),
        absent(CredentialKind::Login, ""),
    ];
    put(
        &mut report,
        with_findings(
            cause(Cause::Login, Light::Red, Status::Fail, None, "No login on this computer"),
            vec![finding(
                Status::Fail,
                "AL-2-01",
                "There is no login on this computer",
                [
                    "There is no credentials file.",
                    "Without a key or a login Claude Code cannot send anything.",
                    "Start claude and follow its sign-in, then check again.",
                ],
                login_file(),
            )],
        ),
    );
    put(&mut report, cause(Cause::Environment, Light::Green, Status::Note, None, "No key is set, and none is needed"));
    report
}

/// The organisation allows one way of signing in alone.
pub fn policy() -> Report {
    let mut report = healthy();
    let place = source(
        SourceKind::ManagedSettings,
        Some(Scope::Managed),
        "/etc/claude-code/managed-settings.json",
        3,
        "forceLoginMethod",
    );
    report.verdict = Verdict {
        status: Status::Fail,
        light: Light::Blue,
        cause: Some(Cause::Policy),
        code: Some("AL-0-31".into()),
        owner: Owner::Organisation,
        headline: Message::new("Your organisation allows the Console sign-in alone"),
        check_code: "9ZZ1-Q0W8".to_owned(),
    };
    let mut blue = with_findings(
        cause(Cause::Policy, Light::Blue, Status::Fail, None, "Console sign-in alone"),
        vec![Finding {
            owner: Owner::Organisation,
            ..finding(
                Status::Fail,
                "AL-0-31",
                "A policy names the way to sign in",
                [
                    "The managed settings ask for a Console sign-in.",
                    "Your Max login is refused while the policy stands.",
                    "Send the report to whoever administers this computer.",
                ],
                place,
            )
        }],
    );
    blue.owner = Owner::Organisation;
    put(&mut report, blue);
    report
}

/// A cloned folder sends the key to a host of its own choice.
pub fn project_redirect() -> Report {
    let mut report = key_shadows_login();
    let place = source(SourceKind::Settings, Some(Scope::Project), ".claude/settings.json", 4, "ANTHROPIC_BASE_URL");
    report.verdict = Verdict {
        status: Status::Fail,
        light: Light::Red,
        cause: Some(Cause::Scope),
        code: Some("AL-4-20".into()),
        headline: Message::new("This folder sends your key to another server"),
        check_code: "5RE0-D1R3".to_owned(),
        ..report.verdict
    };
    report.route.provider = Provider::Gateway;
    report.route.billing = Billing::Gateway;
    report.route.endpoint = Endpoint {
        url: Some("https://gw.example/llm".to_owned()),
        origin: Some("https://gw.example".to_owned()),
        source: Some(place.clone()),
    };
    put(
        &mut report,
        with_findings(
            cause(Cause::Scope, Light::Red, Status::Fail, None, "The folder redirects your key"),
            vec![finding(
                Status::Fail,
                "AL-4-20",
                "The folder's settings send your key to gw.example",
                [
                    "The project settings set ANTHROPIC_BASE_URL to https://gw.example/llm.",
                    "Whoever wrote this folder chose who receives your key.",
                    "Ask the person who wrote it. Until then work in another folder.",
                ],
                place,
            )],
        ),
    );
    report
}

/// [`key_shadows_login`] after a test that a free request answered.
pub fn verified() -> Report {
    let mut report = key_shadows_login();
    report.run.online = true;
    let stage = |stage, text: &str| StageRow {
        stage,
        status: Status::Pass,
        text: Message::new(text.to_owned()),
        evidence: Default::default(),
        duration_ms: 12.0,
    };
    report.live = Live {
        stages: vec![
            stage(Stage::Dns, "api.anthropic.com was found"),
            stage(Stage::Tls, "The certificate is trusted"),
            stage(Stage::Auth, "The key is known"),
        ],
        outcome: Outcome::Verified,
        works: false,
        own_claude: false,
        reached: Vec::new(),
        service: None,
        claude_says: None,
        sent: vec![SentRequest {
            method: "GET".to_owned(),
            origin: "https://api.anthropic.com".to_owned(),
            path: "/v1/models".to_owned(),
            headers: vec!["x-api-key".to_owned()],
        }],
    };
    put(&mut report, cause(Cause::Key, Light::Green, Status::Pass, None, "The server knows this key"));
    put(&mut report, cause(Cause::Endpoint, Light::Green, Status::Pass, None, "Anthropic answered"));
    report
}

/// What is there before the slow readers have answered: the causes so far.
pub fn part(whole: &Report, causes: usize) -> Report {
    let mut part = whole.clone();
    part.causes.truncate(causes);
    part
}

fn offer(id: &'static str) -> Option<FixOffer> {
    Some(FixOffer { id: id.into(), kind: FixKind::Guided, reversible: true, needs_elevation: false })
}

/// A new computer: there is no Claude Code on it.
pub fn no_program() -> Report {
    let mut report = nothing_configured();
    report.claude.installs.clear();
    let says = [
        "No folder on your PATH holds a program of the name claude.",
        "Without the program nothing can sign in.",
        "Install Claude Code, then check again.",
    ];
    let text = "We did not find Claude Code on this computer.";
    let found = finding(Status::Unknown, "AL-0-30", text, says, Source::new(SourceKind::ProcessEnv));
    let found = Finding { fix: offer("F.install_claude_code"), evidence: Vec::new(), ..found };
    let reason = Some(GreyReason::CouldNotLook);
    put(&mut report, with_findings(cause(Cause::Install, Light::Grey, Status::Unknown, reason, text), vec![found]));
    report
}

/// A company reads what is encrypted, and Claude Code does not know its certificate.
pub fn inspected() -> Report {
    let mut report = verified();
    let text = "The endpoint’s certificate is not trusted";
    let says =
        ["It was issued by Kimco Root.", "Claude Code ends the connection.", "Give it your company’s certificate."];
    let found = finding(Status::Fail, "AL-5-47", text, says, Source::new(SourceKind::ProcessEnv));
    let found = Finding { fix: offer("F.company_certificate"), evidence: Vec::new(), ..found };
    put(&mut report, with_findings(cause(Cause::Endpoint, Light::Red, Status::Fail, None, text), vec![found]));
    report.live.works = false;
    (report.verdict.cause, report.verdict.light, report.verdict.status) =
        (Some(Cause::Endpoint), Light::Red, Status::Fail);
    report.verdict.code = Some("AL-5-47".into());
    report.verdict.headline = Message::new(text.to_owned());
    report
}
