//! The first layer: a report that leaves the machine, field by field.

use std::collections::BTreeMap;

use authlight_core::message::{Argument, Message, Words};
use authlight_core::report::{
    AlsoIn, CauseReport, Claude, ContextRow, Endpoint, Finding, Host, InstallRow, Instance, Live, Prediction, Proxy,
    ProxyBypass, Redaction, Report, Route, Run, Rung, Sent, SentRequest, Source, StageRow, Tool, Verdict,
};
use url::Url;

use super::{RULES, redact_own, redact_text};

/// A report as it may leave the machine: no ends of keys, and every text in it cleaned.
#[derive(Clone, Debug)]
pub struct Outgoing(Report);

impl Outgoing {
    /// Cleans a report and puts it into words again, now with clean arguments.
    ///
    /// Every field is named here: a new one does not compile until somebody has decided what becomes of it.
    pub fn new(report: Report, words: &dyn Words) -> Self {
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
        let Run { id, utc, duration_ms, online, context, mode, project, as_whom } = run;
        let Host { os, os_version, arch, wsl, ssh, container } = host;
        let Verdict { status, light, cause, code, owner, headline, check_code } = verdict;
        let mut report = Report {
            schema,
            tool: Tool { version, facts_checked, facts_for },
            run: Run {
                id,
                utc,
                duration_ms,
                online,
                context: foreign(context),
                mode,
                project: project.map(foreign),
                as_whom: foreign(as_whom),
            },
            host: Host { os, os_version: foreign(os_version), arch, wsl, ssh, container },
            claude: Claude { installs: claude.installs.into_iter().map(install).collect() },
            verdict: Verdict { status, light, cause, code, owner, headline: message(headline), check_code },
            route: clean_route(route),
            prediction: clean_prediction(prediction),
            ladder: ladder.into_iter().map(rung).collect(),
            contexts: contexts.into_iter().map(context_row).collect(),
            causes: causes.into_iter().map(cause_report).collect(),
            live: clean_live(live),
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
    foreign(stripped)
}

fn foreign(text: String) -> String {
    redact_text(&text).text
}

fn own(text: String) -> String {
    redact_own(&text)
}

fn message(message: Message) -> Message {
    let mut clean = Message::new(message.key);
    for (name, argument) in message.args {
        let argument = match argument {
            Argument::Text(text) => Argument::Text(own(without_queries(&text))),
            number @ Argument::Number(_) => number,
        };
        clean.args.push((name, argument));
    }
    clean
}

/// An address that is a whole argument loses its query too.
fn without_queries(text: &str) -> String {
    if text.contains("://") && !text.contains(char::is_whitespace) { safe_url(text) } else { text.to_owned() }
}

fn source(source: Source) -> Source {
    let Source { kind, scope, path, line, column, name } = source;
    Source { kind, scope, path: path.map(foreign), line, column, name: name.map(own) }
}

fn instance(instance: Instance) -> Instance {
    Instance(own(instance.0))
}

fn install(row: InstallRow) -> InstallRow {
    let InstallRow { path, version, kind, first } = row;
    InstallRow { path: foreign(path), version: version.map(foreign), kind, first }
}

fn endpoint(endpoint: Endpoint) -> Endpoint {
    let Endpoint { url, origin, source: place } = endpoint;
    Endpoint { url: url.as_deref().map(safe_url), origin: origin.as_deref().map(safe_url), source: place.map(source) }
}

fn sent(sent: Sent) -> Sent {
    let Sent { header, credential, source: place } = sent;
    Sent { header, credential, source: source(place) }
}

fn clean_route(route: Route) -> Route {
    let Route { provider, billing, endpoint: to, proxy, proxy_bypass, sends } = route;
    Route {
        provider,
        billing,
        endpoint: endpoint(to),
        proxy: proxy.map(|Proxy { url, source: place }| Proxy { url: safe_url(&url), source: source(place) }),
        proxy_bypass: proxy_bypass.map(|ProxyBypass { variable, pattern, source: place }| ProxyBypass {
            variable,
            pattern: safe_url(&pattern),
            source: source(place),
        }),
        sends: sends.into_iter().map(sent).collect(),
    }
}

fn clean_prediction(prediction: Prediction) -> Prediction {
    let Prediction { starts, asks, sends_request, message, refreshes_first, background_to, unproven } = prediction;
    Prediction {
        starts,
        asks,
        sends_request,
        message: message.map(foreign),
        refreshes_first,
        background_to: background_to.iter().map(|origin| safe_url(origin)).collect(),
        unproven,
    }
}

fn rung(rung: Rung) -> Rung {
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
        name: name.map(own),
        state,
        shadowed_by,
        headers,
        source: place.map(source),
        masked: None,
        looks_like,
        expires,
        why: message(why),
        also_in: also_in
            .into_iter()
            .map(|AlsoIn { source: place, same_value, state }| AlsoIn { source: source(place), same_value, state })
            .collect(),
        instance: instance(stable),
        evidence,
    }
}

fn context_row(row: ContextRow) -> ContextRow {
    let ContextRow { context, project, sends, endpoint: to, differs, because, code } = row;
    ContextRow {
        context: foreign(context),
        project: project.map(foreign),
        sends: sends.into_iter().map(sent).collect(),
        endpoint: endpoint(to),
        differs,
        because: because.map(message),
        code,
    }
}

fn cause_report(cause: CauseReport) -> CauseReport {
    let CauseReport { id, light, status, owner, reason, headline, checks } = cause;
    let checks = checks.into_iter().map(finding).collect();
    CauseReport { id, light, status, owner, reason, headline: message(headline), checks }
}

fn finding(finding: Finding) -> Finding {
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
        text: message(text),
        saw: saw.map(message),
        why: why.map(message),
        to_do: to_do.map(message),
        debug: own(debug),
        evidence: evidence.into_iter().map(source).collect(),
        instance: instance(stable),
        fix,
        help,
        duration_ms,
    }
}

fn clean_live(live: Live) -> Live {
    let Live { stages, outcome, works, claude_says, sent } = live;
    let stage = |row: StageRow| {
        let StageRow { stage, status, text, evidence, duration_ms } = row;
        let evidence: BTreeMap<_, _> =
            evidence.into_iter().map(|(name, value)| (name, foreign(without_queries(&value)))).collect();
        StageRow { stage, status, text: message(text), evidence, duration_ms }
    };
    let request = |row: SentRequest| {
        let SentRequest { method, origin, path, headers } = row;
        let path = foreign(path.split('?').next().unwrap_or_default().to_owned());
        SentRequest { method, origin: safe_url(&origin), path, headers: headers.into_iter().map(own).collect() }
    };
    Live {
        stages: stages.into_iter().map(stage).collect(),
        outcome,
        works,
        claude_says: claude_says.map(foreign),
        sent: sent.into_iter().map(request).collect(),
    }
}
