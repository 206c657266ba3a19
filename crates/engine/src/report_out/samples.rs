//! Reports for the tests of this area, built by hand.

use std::borrow::Cow;
use std::collections::BTreeMap;

use authlight_core::message::Message;
use authlight_core::report::*;

/// A place in a settings file.
pub(crate) fn place(path: &str) -> Source {
    Source {
        kind: SourceKind::Settings,
        scope: Some(Scope::Project),
        path: Some(path.to_owned()),
        line: Some(7),
        column: Some(5),
        name: Some("ANTHROPIC_AUTH_TOKEN".to_owned()),
    }
}

/// A finding of the kind that most people have.
pub(crate) fn finding(code: &'static str, status: Status, argument: &str, path: &str) -> Finding {
    let part = |name: &str| Message::new(format!("{code}{name}")).with("value", argument);
    Finding {
        id: Cow::Borrowed("C4.project_redirects_credential"),
        status,
        code: Some(Cow::Borrowed(code)),
        owner: Owner::Person,
        text: part(""),
        saw: Some(part(".saw")),
        why: Some(part(".why")),
        to_do: Some(part(".do")),
        debug: format!("ANTHROPIC_AUTH_TOKEN: seen {argument}"),
        evidence: vec![place(path)],
        instance: Instance::of(&place(path), "ANTHROPIC_AUTH_TOKEN").at(path),
        fix: Some(FixOffer {
            id: Cow::Borrowed("F.remove_settings_env"),
            kind: FixKind::Auto,
            reversible: true,
            needs_elevation: false,
        }),
        help: Some(Cow::Borrowed("https://code.claude.com/docs/en/settings")),
        duration_ms: 0.2,
    }
}

fn cause(id: Cause, light: Light, status: Status, reason: Option<GreyReason>, checks: Vec<Finding>) -> CauseReport {
    let headline = Message::new("cause-headline");
    CauseReport { id, light, status, owner: Owner::Person, reason, headline, checks }
}

/// A project file that sends a token elsewhere; `foreign` stands in every text that comes from the machine.
pub(crate) fn sample(foreign: &str, path: &str) -> Report {
    let url = format!("https://gw.example/llm{foreign}");
    let message = |key: &'static str| Message::new(key).with("value", foreign);
    let endpoint = || Endpoint {
        url: Some(url.clone()),
        origin: Some("https://gw.example".to_owned()),
        source: Some(place(path)),
    };
    let sent = || Sent { header: Header::Authorization, credential: CredentialKind::AuthToken, source: place(path) };
    let rung = |kind, name: Option<&str>, state| Rung {
        kind,
        name: name.map(str::to_owned),
        state,
        shadowed_by: None,
        headers: Vec::new(),
        source: None,
        masked: None,
        looks_like: None,
        expires: None,
        why: message("why-sample"),
        also_in: Vec::new(),
        instance: Instance("credentials_file:login".to_owned()),
        evidence: None,
    };
    Report {
        schema: Cow::Borrowed(SCHEMA),
        tool: Tool {
            version: "0.1.0".to_owned(),
            facts_checked: "2026-11-23".to_owned(),
            facts_for: "2.1.330".to_owned(),
        },
        run: Run {
            id: "0123456789abcdef".to_owned(),
            utc: "2026-11-23T10:12:00Z".to_owned(),
            duration_ms: 3.1,
            online: true,
            context: Context::Process,
            shell_command: None,
            mode: Mode::Interactive,
            project: Some(path.to_owned()),
            as_whom: "user".to_owned(),
        },
        host: Host {
            os: "linux".to_owned(),
            os_version: format!("Debian {foreign}"),
            arch: "x86_64".to_owned(),
            wsl: false,
            ssh: true,
            container: false,
            ci: false,
        },
        claude: Claude {
            installs: vec![InstallRow {
                path: format!("{path}/claude"),
                version: Some(format!("2.1.330 {foreign}")),
                kind: "native".to_owned(),
                first: true,
            }],
        },
        verdict: Verdict {
            status: Status::Fail,
            light: Light::Red,
            cause: Some(Cause::Scope),
            code: Some(Cow::Borrowed("AL-4-02")),
            owner: Owner::Person,
            headline: message("AL-4-02"),
            check_code: "7KQ2-F9T4".to_owned(),
        },
        route: Route {
            provider: Provider::Gateway,
            billing: Billing::Gateway,
            endpoint: endpoint(),
            proxy: Some(Proxy { url: format!("http://joe:{foreign}@proxy.example:3128"), source: place(path) }),
            proxy_bypass: Some(ProxyBypass {
                variable: "NO_PROXY".to_owned(),
                pattern: format!(".example {foreign}"),
                source: place(path),
            }),
            sends: vec![sent()],
        },
        prediction: Prediction {
            starts: Some(true),
            asks: Some(Asks::FolderTrust),
            sends_request: Some(true),
            message: Some(format!("Invalid API key {foreign}")),
            refreshes_first: true,
            background_to: vec![format!("https://api.anthropic.com/{foreign}")],
            unproven: None,
        },
        ladder: vec![
            Rung {
                headers: vec![Header::Authorization],
                source: Some(place(path)),
                masked: foreign.get(foreign.len().saturating_sub(4)..).map(|tail| format!("…{tail}")),
                looks_like: Some(Cow::Borrowed("api_key")),
                also_in: vec![AlsoIn { source: place(path), same_value: false, state: State::Shadowed }],
                evidence: Some(Cow::Borrowed("senv-project-baseurl")),
                ..rung(CredentialKind::AuthToken, Some("ANTHROPIC_AUTH_TOKEN"), State::Wins)
            },
            Rung {
                shadowed_by: Some(CredentialKind::AuthToken),
                expires: Some("2026-11-23T18:00:00Z".to_owned()),
                ..rung(CredentialKind::Login, None, State::Shadowed)
            },
        ],
        contexts: vec![ContextRow {
            context: Context::NewTerminal,
            told_by: ToldBy::Shell,
            unsure: Vec::new(),
            project: Some(path.to_owned()),
            sends: vec![sent()],
            endpoint: endpoint(),
            differs: true,
            because: Some(message("why-differs")),
            code: Some(Cow::Borrowed("AL-1-12")),
        }],
        causes: vec![
            cause(Cause::Install, Light::Green, Status::Pass, None, Vec::new()),
            cause(
                Cause::Environment,
                Light::Amber,
                Status::Warn,
                None,
                vec![finding("AL-1-04", Status::Warn, foreign, path)],
            ),
            cause(
                Cause::Login,
                Light::Grey,
                Status::Unknown,
                Some(GreyReason::CouldNotLook),
                vec![Finding { code: None, fix: None, ..finding("AL-2-09", Status::Skipped, foreign, path) }],
            ),
            cause(Cause::Key, Light::Grey, Status::Unknown, Some(GreyReason::NotTested), Vec::new()),
            cause(Cause::Scope, Light::Red, Status::Fail, None, vec![finding("AL-4-02", Status::Fail, foreign, path)]),
            cause(
                Cause::Endpoint,
                Light::Blue,
                Status::Warn,
                None,
                vec![Finding { owner: Owner::Organisation, ..finding("AL-5-03", Status::Warn, foreign, path) }],
            ),
        ],
        live: Live {
            stages: vec![StageRow {
                stage: Stage::Tls,
                status: Status::Fail,
                text: message("live-tls"),
                evidence: BTreeMap::from([("issuer".to_owned(), format!("Corp CA {foreign}"))]),
                duration_ms: 12.0,
            }],
            outcome: Outcome::Intercepted,
            works: false,
            own_claude: false,
            reached: Vec::new(),
            service: None,
            claude_says: Some(format!("API Error: {foreign}")),
            sent: vec![SentRequest {
                method: "GET".to_owned(),
                origin: "https://gw.example".to_owned(),
                path: format!("/v1/models?key={foreign}"),
                headers: vec!["authorization".to_owned()],
            }],
        },
        redaction: Redaction { rules: "2026-11".to_owned(), passed: false },
    }
}

/// The sample with a secret wherever the machine could put one, put into words that show every argument.
pub(crate) fn with_canary_everywhere(canary: &str, person: &str) -> Report {
    struct Shown;
    impl authlight_core::message::Words for Shown {
        fn say(&self, message: &Message) -> String {
            format!("{} {:?}", message.key, message.args)
        }
    }
    let mut report = sample(canary, &format!("/home/{person}/{canary}/settings.json"));
    report.route.endpoint.url = Some(format!("https://{person}:{canary}@gw.example/llm?key={canary}"));
    report.say(&Shown);
    report
}

/// Words for the sample's own sentences.
pub(crate) struct Spoken;

impl authlight_core::message::Words for Spoken {
    fn say(&self, message: &Message) -> String {
        let value = message.args.first().map(|(_, argument)| match argument {
            authlight_core::message::Argument::Text(text) => text.clone(),
            authlight_core::message::Argument::Number(number) => number.to_string(),
        });
        let value = value.unwrap_or_default();
        match message.key.as_ref() {
            "AL-4-02" => format!("A project file sends your token elsewhere ({value})."),
            key => format!("Sentence {key} ({value})."),
        }
    }
}

/// The program's own words for the frame, [`Spoken`] for the sentences that the core names.
pub(crate) struct Both(pub crate::words::Language);

impl authlight_core::message::Words for Both {
    fn say(&self, message: &Message) -> String {
        if self.0.knows(&message.key) { self.0.say(message) } else { Spoken.say(message) }
    }
}
