//! The first layer: a report that leaves the machine, field by field.

use std::collections::BTreeMap;

use authlight_core::message::{Argument, Message, Words};
use authlight_core::report::{
    AlsoIn, CauseReport, Claude, ContextRow, Endpoint, Finding, Host, InstallRow, Instance, Live, Prediction, Proxy,
    ProxyBypass, Reached, Redaction, Report, Route, Run, Rung, Sent, SentRequest, Source, StageRow, Tool, Verdict,
};
use url::Url;

use super::{LeakPass, RULES, redact_own, redact_text};

/// A report as it may leave the machine: no ends of keys, and every text in it cleaned.
#[derive(Clone, Debug)]
pub struct Outgoing(Report);

impl Outgoing {
    /// Cleans a report and puts it into words again, now with clean arguments.
    ///
    /// Every field is named here: a new one does not compile until somebody has decided what becomes of it.
    pub fn new(report: Report, words: &dyn Words, pass: &LeakPass) -> Self {
        let clean = Cleaner(pass);
        let Report {
            schema,
            tool,
            run,
            host,
            claude,
            verdict,
            route,
            prediction,
            ladder,
            contexts,
            causes,
            live,
            redaction: _,
        } = report.without_masks();
        let Tool { version, facts_checked, facts_for } = tool;
        let Run { id, utc, duration_ms, online, context, shell_command, mode, project, as_whom } = run;
        let Host { os, os_version, arch, wsl, ssh, container, ci } = host;
        let Verdict { status, light, cause, code, owner, headline, check_code } = verdict;
        let mut report = Report {
            schema,
            tool: Tool { version, facts_checked, facts_for },
            run: Run {
                id,
                utc,
                duration_ms,
                online,
                context,
                shell_command: shell_command.map(|command| clean.foreign(command)),
                mode,
                project: project.map(|one| clean.foreign(one)),
                as_whom: clean.foreign(as_whom),
            },
            host: Host { os, os_version: clean.foreign(os_version), arch, wsl, ssh, container, ci },
            claude: Claude { installs: claude.installs.into_iter().map(|one| clean.install(one)).collect() },
            verdict: Verdict { status, light, cause, code, owner, headline: clean.message(headline), check_code },
            route: clean.clean_route(route),
            prediction: clean.clean_prediction(prediction),
            ladder: ladder.into_iter().map(|one| clean.rung(one)).collect(),
            contexts: contexts.into_iter().map(|one| clean.context_row(one)).collect(),
            causes: causes.into_iter().map(|one| clean.cause_report(one)).collect(),
            live: clean.clean_live(live),
            // It goes nowhere unless the leak pass lets it out.
            redaction: Redaction { rules: RULES.to_owned(), passed: true },
        };
        report.say(words);
        Self(report)
    }

    /// The cleaned report.
    pub fn report(&self) -> &Report {
        &self.0
    }
}

/// An address without user, password, query and fragment. What is no address loses what stands before an `@`.
pub fn safe_url(text: &str) -> String {
    let stripped = match Url::parse(text) {
        Ok(mut url) if url.has_host() => {
            let bare = url.set_username("").and_then(|()| url.set_password(None)).is_ok();
            url.set_query(None);
            url.set_fragment(None);
            // The parser adds a slash to a bare host; the address is shown as it was written.
            let slash = text.split(['?', '#']).next().is_some_and(|start| start.ends_with('/'));
            let clean = if slash { url.as_str() } else { url.as_str().trim_end_matches('/') };
            if bare { clean.to_owned() } else { String::new() }
        }
        _ => {
            let start = text.split(['?', '#']).next().unwrap_or_default();
            let (scheme, rest) = start.split_once("://").map_or(("", start), |(scheme, rest)| (scheme, rest));
            let rest = if text.contains('@') { text.rsplit('@').next().unwrap_or_default() } else { rest };
            let rest = rest.split(['?', '#']).next().unwrap_or_default();
            if scheme.is_empty() { rest.to_owned() } else { format!("{scheme}://{rest}") }
        }
    };
    redact_text(&stripped).text
}

/// An address that is a whole argument loses its query too.
fn without_queries(text: &str) -> String {
    if text.contains("://") && !text.contains(char::is_whitespace) { safe_url(text) } else { text.to_owned() }
}

/// Cleans texts of what gives itself away, and of the secrets that this run has met.
struct Cleaner<'p>(&'p LeakPass);

impl Cleaner<'_> {
    fn foreign(&self, text: String) -> String {
        self.known(redact_text(&text).text)
    }

    fn own(&self, text: String) -> String {
        self.known(redact_own(&text))
    }

    fn url(&self, text: &str) -> String {
        self.known(safe_url(text))
    }

    /// A secret that is no secret by its looks (a token that is the name of the host) may stand in a text that has to be
    /// shown.
    fn known(&self, text: String) -> String {
        let mut bytes = text.into_bytes();
        self.0.replace(&mut bytes);
        String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn message(&self, message: Message) -> Message {
        let mut clean = Message::new(message.key);
        for (name, argument) in message.args {
            let argument = match argument {
                Argument::Text(text) => Argument::Text(self.own(without_queries(&text))),
                number @ Argument::Number(_) => number,
            };
            clean.args.push((name, argument));
        }
        clean
    }

    fn source(&self, source: Source) -> Source {
        let Source { kind, scope, path, line, column, name } = source;
        Source {
            kind,
            scope,
            path: path.map(|one| self.foreign(one)),
            line,
            column,
            name: name.map(|one| self.own(one)),
        }
    }

    fn instance(&self, instance: Instance) -> Instance {
        Instance(self.own(instance.0))
    }

    fn install(&self, row: InstallRow) -> InstallRow {
        let InstallRow { path, version, kind, first } = row;
        InstallRow { path: self.foreign(path), version: version.map(|one| self.foreign(one)), kind, first }
    }

    fn endpoint(&self, endpoint: Endpoint) -> Endpoint {
        let Endpoint { url, origin, source: place } = endpoint;
        Endpoint {
            url: url.as_deref().map(|url| self.url(url)),
            origin: origin.as_deref().map(|url| self.url(url)),
            source: place.map(|one| self.source(one)),
        }
    }

    fn sent(&self, sent: Sent) -> Sent {
        let Sent { header, credential, source: place } = sent;
        Sent { header, credential, source: self.source(place) }
    }

    fn clean_route(&self, route: Route) -> Route {
        let Route { provider, billing, endpoint: to, proxy, proxy_bypass, sends } = route;
        Route {
            provider,
            billing,
            endpoint: self.endpoint(to),
            proxy: proxy.map(|Proxy { url, source: place }| Proxy { url: self.url(&url), source: self.source(place) }),
            proxy_bypass: proxy_bypass.map(|ProxyBypass { variable, pattern, source: place }| ProxyBypass {
                variable,
                pattern: self.url(&pattern),
                source: self.source(place),
            }),
            sends: sends.into_iter().map(|one| self.sent(one)).collect(),
        }
    }

    fn clean_prediction(&self, prediction: Prediction) -> Prediction {
        let Prediction { starts, asks, sends_request, message, refreshes_first, background_to, unproven } = prediction;
        Prediction {
            starts,
            asks,
            sends_request,
            message: message.map(|one| self.foreign(one)),
            refreshes_first,
            background_to: background_to.iter().map(|origin| self.url(origin)).collect(),
            unproven,
        }
    }

    fn rung(&self, rung: Rung) -> Rung {
        let Rung {
            kind,
            name,
            state,
            shadowed_by,
            headers,
            source: place,
            masked: _,
            looks_like,
            expires,
            why,
            also_in,
            instance: stable,
            evidence,
        } = rung;
        Rung {
            kind,
            name: name.map(|one| self.own(one)),
            state,
            shadowed_by,
            headers,
            source: place.map(|one| self.source(one)),
            masked: None,
            looks_like,
            expires,
            why: self.message(why),
            also_in: also_in
                .into_iter()
                .map(|AlsoIn { source: place, same_value, state }| AlsoIn {
                    source: self.source(place),
                    same_value,
                    state,
                })
                .collect(),
            instance: self.instance(stable),
            evidence,
        }
    }

    fn context_row(&self, row: ContextRow) -> ContextRow {
        let ContextRow { context, told_by, unsure, project, sends, endpoint: to, differs, because, code } = row;
        ContextRow {
            context,
            told_by,
            unsure: unsure.into_iter().map(|name| self.foreign(name)).collect(),
            project: project.map(|one| self.foreign(one)),
            sends: sends.into_iter().map(|one| self.sent(one)).collect(),
            endpoint: self.endpoint(to),
            differs,
            because: because.map(|one| self.message(one)),
            code,
        }
    }

    fn cause_report(&self, cause: CauseReport) -> CauseReport {
        let CauseReport { id, light, status, owner, reason, headline, checks } = cause;
        let checks = checks.into_iter().map(|one| self.finding(one)).collect();
        CauseReport { id, light, status, owner, reason, headline: self.message(headline), checks }
    }

    fn finding(&self, finding: Finding) -> Finding {
        let Finding {
            id,
            status,
            code,
            owner,
            text,
            saw,
            why,
            to_do,
            debug,
            evidence,
            instance: stable,
            fix,
            help,
            duration_ms,
        } = finding;
        Finding {
            id,
            status,
            code,
            owner,
            text: self.message(text),
            saw: saw.map(|one| self.message(one)),
            why: why.map(|one| self.message(one)),
            to_do: to_do.map(|one| self.message(one)),
            debug: self.own(debug),
            evidence: evidence.into_iter().map(|one| self.source(one)).collect(),
            instance: self.instance(stable),
            fix,
            help,
            duration_ms,
        }
    }

    fn clean_live(&self, live: Live) -> Live {
        let Live { stages, outcome, works, claude_says, own_claude, reached, service, sent } = live;
        let stage = |row: StageRow| {
            let StageRow { stage, status, text, evidence, duration_ms } = row;
            let evidence: BTreeMap<_, _> =
                evidence.into_iter().map(|(name, value)| (name, self.foreign(without_queries(&value)))).collect();
            StageRow { stage, status, text: self.message(text), evidence, duration_ms }
        };
        let request = |row: SentRequest| {
            let SentRequest { method, origin, path, headers } = row;
            let path = self.foreign(path.split('?').next().unwrap_or_default().to_owned());
            SentRequest {
                method,
                origin: self.url(&origin),
                path,
                headers: headers.into_iter().map(|one| self.own(one)).collect(),
            }
        };
        let host = |row: Reached| {
            let Reached { origin, status, text } = row;
            Reached { origin: self.url(&origin), status, text: self.message(text) }
        };
        Live {
            stages: stages.into_iter().map(stage).collect(),
            outcome,
            works,
            claude_says: claude_says.map(|one| self.foreign(one)),
            own_claude,
            reached: reached.into_iter().map(host).collect(),
            service: service.map(stage),
            sent: sent.into_iter().map(request).collect(),
        }
    }
}
