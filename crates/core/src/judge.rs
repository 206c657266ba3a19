//! From facts to a report: runs the table of checks, colours the causes, finds the one sentence.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::checks::backstop::backstop;
use crate::checks::{CONTEXTS_DIFFER, Check, Found, Outcome};
use crate::claude_code;
use crate::contexts::{Elsewhere, names_of};
use crate::headers::{BadHeader, CustomHeader};
use crate::ladder::{Candidate, Slot, Why};
use crate::message::Message;
use crate::proxy;
use crate::report::{
    AlsoIn, Cause, CauseReport, Claude, Context, ContextRow, CredentialKind, Endpoint, Finding, GreyReason, Header,
    Instance, Light, Live, Outcome as LiveOutcome, Owner, Prediction, Redaction, Report, Route, Run, Rung, Sent,
    Source, State, Status, ToldBy, Tool,
};
use crate::route::{CUSTOM_HEADERS, Filled, Resolution, resolve};
use crate::secret::Secret;
use crate::selection::Selection;
use crate::snapshot::Snapshot;
use crate::verdict;

/// Everything that a check may look at.
pub struct Facts<'a> {
    /// What was read.
    pub snapshot: &'a Snapshot,
    /// What follows from it.
    pub resolution: &'a Resolution,
    /// What the live test said.
    pub live: &'a Live,
    /// The same question in other contexts and folders.
    pub elsewhere: &'a [Elsewhere],
}

/// What the run itself is called; the judge has no clock of its own, and no chance.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// The version of this program.
    pub tool_version: String,
    /// Random.
    pub id: String,
    /// Whether the live test ran.
    pub online: bool,
    /// The time since some moment that stays the same: two readings tell how long a check took.
    pub clock: fn() -> Duration,
}

/// Judges a snapshot.
pub fn judge(snapshot: &Snapshot, live: &Live, run: &RunFacts) -> Report {
    let resolution = resolve(snapshot);
    report(&Facts { snapshot, resolution: &resolution, live, elsewhere: &[] }, run)
}

/// The report of what is known.
pub fn report(facts: &Facts<'_>, run: &RunFacts) -> Report {
    report_of(facts, run, &Selection::default())
}

/// The report of what is known, of some of the checks.
pub fn report_of(facts: &Facts<'_>, run: &RunFacts, selection: &Selection) -> Report {
    let Facts { snapshot, resolution, live, elsewhere } = *facts;
    let causes = causes(facts, selection, run.clock);
    let paths = Paths::of(&snapshot.examined.home);
    let mut report = Report {
        schema: crate::report::SCHEMA.into(),
        tool: Tool {
            version: run.tool_version.clone(),
            facts_checked: claude_code::FACTS_CHECKED.to_owned(),
            facts_for: claude_code::FACTS_FOR.to_owned(),
        },
        run: Run {
            id: run.id.clone(),
            utc: crate::time::utc(snapshot.examined.now_ms),
            duration_ms: 0.0,
            online: run.online,
            context: snapshot.examined.context,
            shell_command: snapshot.examined.shell_run.as_ref().map(|run| run.command.clone()),
            mode: snapshot.examined.mode,
            project: snapshot.examined.project.clone(),
            as_whom: snapshot.examined.as_whom.clone(),
        },
        host: snapshot.examined.host.clone(),
        claude: Claude { installs: snapshot.installs.rows() },
        verdict: verdict::of(facts, &causes, selection.is_whole()),
        route: route(resolution),
        prediction: prediction(resolution),
        ladder: ladder(facts),
        contexts: contexts(snapshot, resolution, elsewhere),
        causes,
        live: live.clone(),
        redaction: Redaction { rules: crate::REDACTION_RULES.to_owned(), passed: false },
    };
    paths.shorten(&mut report);
    report.verdict.check_code = crate::check_code::encode(&report);
    report
}

fn causes(facts: &Facts<'_>, selection: &Selection, clock: fn() -> Duration) -> Vec<CauseReport> {
    let mut answers: Vec<(Cause, Vec<Finding>)> = Cause::ALL
        .iter()
        .map(|id| {
            let checks = selection.checks().filter(|check| check.cause == *id);
            let ask = |check| if selection.asks(check) { timed(check, facts, clock) } else { vec![left_out(check)] };
            (*id, checks.flat_map(ask).collect())
        })
        .collect();
    verdict::raise_reasons(facts, &mut answers);
    // What stops may lie in what was left out: then nobody asked for the last check either.
    if selection.is_whole()
        && !answers.iter().any(|(_, answers)| answers.iter().any(|finding| finding.status == Status::Fail))
        && let Some(stop) = backstop(facts)
        && let Some((_, answers)) = answers.iter_mut().find(|(id, _)| *id == stop.cause)
    {
        let mut last = finding(stop.id, stop.found);
        if let Some(meaning) = stop.meaning {
            (last.code, last.why, last.to_do) = (Some(meaning.code), Some(meaning.when), Some(meaning.to_do));
        }
        answers.push(last);
    }
    answers.into_iter().map(|(id, answers)| cause(id, answers, facts, selection.leaves_out(id))).collect()
}

/// Runs one check and says how long it took.
fn timed(check: &Check, facts: &Facts<'_>, clock: fn() -> Duration) -> Vec<Finding> {
    let begun = clock();
    let mut findings = run(check, facts);
    let duration_ms = clock().saturating_sub(begun).as_nanos() as f64 / 1e6;
    findings.iter_mut().for_each(|finding| finding.duration_ms = duration_ms);
    findings
}

/// Runs one check. A panic in it is our fault and hides no other.
fn run(check: &Check, facts: &Facts<'_>) -> Vec<Finding> {
    let plain = |status, text, debug| answer(check, status, text, debug);
    match catch_unwind(AssertUnwindSafe(|| (check.judge)(facts))) {
        Ok(Outcome::Pass) => vec![plain(Status::Pass, Message::new(format!("{}.pass", key(check.id))), "ruled out")],
        Ok(Outcome::Skipped(why)) => vec![plain(Status::Skipped, Message::new(why), why)],
        Ok(Outcome::Unknown(why)) => vec![plain(Status::Unknown, Message::new(why), why)],
        Ok(Outcome::Found(found)) => found.into_iter().map(|found| finding(check.id, found)).collect(),
        Err(_) => vec![plain(Status::Crashed, Message::new("check-crashed"), "the check itself failed")],
    }
}

/// A check that was not asked.
fn left_out(check: &Check) -> Finding {
    answer(check, Status::Skipped, Message::new("check-left-out"), "left out on request")
}

/// An answer that is no finding.
fn answer(check: &Check, status: Status, text: Message, debug: &str) -> Finding {
    Finding {
        id: check.id.into(),
        status,
        code: None,
        owner: Owner::Person,
        text,
        saw: None,
        why: None,
        to_do: None,
        debug: debug.to_owned(),
        evidence: Vec::new(),
        instance: Instance(check.id.to_owned()),
        fix: None,
        help: None,
        duration_ms: 0.0,
    }
}

/// The identifier of a check in the language files: letters, digits and hyphens.
fn key(id: &str) -> String {
    id.replace(['.', '_'], "-")
}

fn finding(id: &'static str, found: Found) -> Finding {
    let part = |name: &str| {
        let mut message = Message::new(format!("{}.{name}", found.code));
        message.args.clone_from(&found.args);
        message
    };
    let mut text = Message::new(found.code);
    text.args.clone_from(&found.args);
    Finding {
        id: id.into(),
        status: found.status,
        code: Some(found.code.into()),
        owner: found.owner,
        saw: Some(part("saw")),
        why: Some(part("why")),
        to_do: Some(part("do")),
        text,
        debug: found.debug,
        evidence: found.evidence,
        instance: found.instance.unwrap_or_else(|| Instance(id.to_owned())),
        fix: found.fix,
        help: Some(found.help),
        duration_ms: 0.0,
    }
}

/// The light of a cause. A `part` of its checks alone rules nothing out.
fn cause(id: Cause, checks: Vec<Finding>, facts: &Facts<'_>, part: bool) -> CauseReport {
    // A question that did not arise says nothing beside one that was answered.
    let told = checks.iter().map(|finding| finding.status).filter(|status| *status != Status::Skipped);
    let nothing_asked = if checks.is_empty() { Status::Pass } else { Status::Skipped };
    let worst = told.reduce(Status::worse).unwrap_or(nothing_asked);
    let leading = checks.iter().find(|finding| finding.status == worst);
    let owner = leading.map_or(Owner::Person, |finding| finding.owner);
    let colour = verdict::colour(worst, owner);
    let (light, reason) = match colour {
        Some(Light::Grey) => (Light::Grey, Some(GreyReason::CouldNotLook)),
        Some(light) => (light, None),
        None if part => (Light::Grey, Some(GreyReason::CouldNotLook)),
        None if id.ruled_out_by_looking() => {
            let looked = checks.iter().any(|finding| matches!(finding.status, Status::Pass | Status::Note));
            if looked { (Light::Green, None) } else { (Light::Grey, Some(GreyReason::NotInUse)) }
        }
        None => untested(id, facts),
    };
    let status = match (light, worst) {
        // What only a test can tell is unknown, not passed.
        (Light::Grey, Status::Pass | Status::Note | Status::Skipped) if reason == Some(GreyReason::NotTested) => {
            Status::Unknown
        }
        (Light::Grey, Status::Pass | Status::Note) if reason == Some(GreyReason::NotInUse) => Status::Skipped,
        (_, status) => status,
    };
    // Note: C1 and C4 with a mere note stay green; a light is never lit by a note.
    let headline = match leading.filter(|finding| finding.code.is_some() && worst >= Status::Unknown) {
        Some(finding) => finding.text.clone(),
        None if part => Message::new("cause-left-out"),
        None => Message::new(format!("{}-{}", key(id.word()), headline_word(light, reason))),
    };
    CauseReport { id, light, status, owner, reason, headline, checks }
}

fn headline_word(light: Light, reason: Option<GreyReason>) -> &'static str {
    match (light, reason) {
        (Light::Green, _) => "green",
        (_, Some(GreyReason::NotTested)) => "not-tested",
        (_, Some(GreyReason::NotInUse)) => "not-in-use",
        _ => "could-not-look",
    }
}

/// The light of a cause that looking alone cannot rule out, where looking found nothing.
fn untested(id: Cause, facts: &Facts<'_>) -> (Light, Option<GreyReason>) {
    let sends = &facts.resolution.sends;
    let uses = |kinds: &[CredentialKind]| sends.iter().any(|sent| kinds.contains(&sent.credential));
    let verified = facts.live.outcome == LiveOutcome::Verified;
    let login = [CredentialKind::Login, CredentialKind::OauthToken, CredentialKind::Profile];
    let in_use = match id {
        Cause::Login => uses(&login),
        Cause::Key => !sends.is_empty() && !sends.iter().all(|sent| login.contains(&sent.credential)),
        _ => true,
    };
    match (in_use, verified) {
        (false, _) => (Light::Grey, Some(GreyReason::NotInUse)),
        (true, _) if id == Cause::Endpoint && facts.live.outcome.is_answer() => (Light::Green, None),
        (true, true) if id != Cause::Login => (Light::Green, None),
        (true, _) => (Light::Grey, Some(GreyReason::NotTested)),
    }
}

/// What is sent where: here first, then elsewhere, with what is different there.
fn contexts(snapshot: &Snapshot, resolution: &Resolution, elsewhere: &[Elsewhere]) -> Vec<ContextRow> {
    let examined = &snapshot.examined;
    let here = ContextRow {
        context: examined.context,
        told_by: examined.told_by,
        unsure: names_of(&resolution.unsure(examined)),
        project: examined.project.clone(),
        ..row(resolution)
    };
    let told = here.unsure.is_empty();
    let rows = elsewhere.iter().map(|there| {
        let because = there.difference_from(resolution, told);
        let another = because.is_some() && there.context != examined.context;
        ContextRow {
            context: there.context,
            told_by: there.told_by,
            unsure: there.unsure.clone(),
            project: there.project.clone(),
            differs: because.is_some(),
            because,
            code: there.code.clone().or(another.then_some(Cow::Borrowed(CONTEXTS_DIFFER))),
            ..row(&there.resolution)
        }
    });
    std::iter::once(here).chain(rows).collect()
}

/// What is sent where.
fn row(resolution: &Resolution) -> ContextRow {
    let Route { sends, endpoint, .. } = route(resolution);
    ContextRow {
        context: Context::Process,
        told_by: ToldBy::Process,
        unsure: Vec::new(),
        project: None,
        sends,
        endpoint,
        differs: false,
        because: None,
        code: None,
    }
}

fn sent(filled: &Filled) -> Sent {
    Sent { header: filled.header, credential: filled.credential, source: filled.source.clone() }
}

fn route(resolution: &Resolution) -> Route {
    let endpoint = Endpoint {
        url: resolution.base.as_ref().ok().map(crate::url::Base::shown),
        origin: resolution.base.as_ref().ok().map(|base| base.origin.clone()),
        source: resolution.base_source.clone(),
    };
    let (proxy, proxy_bypass) = match &resolution.proxy {
        proxy::Choice::Through(proxy) | proxy::Choice::Unsupported(proxy) => (Some(proxy.clone()), None),
        proxy::Choice::Bypassed(bypass) => (None, Some(bypass.clone())),
        proxy::Choice::Direct | proxy::Choice::NotAUrl { .. } | proxy::Choice::NoSuchHost { .. } => (None, None),
    };
    Route {
        provider: resolution.provider,
        billing: resolution.billing,
        endpoint,
        proxy,
        proxy_bypass,
        sends: resolution.sends.iter().map(sent).collect(),
    }
}

fn prediction(resolution: &Resolution) -> Prediction {
    let told = &resolution.prediction;
    Prediction {
        starts: told.starts,
        asks: told.asks,
        sends_request: told.sends_request,
        message: told.message.as_ref().map(|message| message.clone().into_owned()),
        refreshes_first: told.refreshes_first,
        background_to: told.background_to.clone(),
        unproven: told.unproven,
    }
}

/// The ladder: what is sent, then what is there and loses, then what is absent.
fn ladder(facts: &Facts<'_>) -> Vec<Rung> {
    let resolution = facts.resolution;
    let mut winners: Vec<(&Filled, Vec<Header>)> = Vec::new();
    for filled in &resolution.sends {
        let same = |other: &Filled| other.credential == filled.credential && other.source == filled.source;
        match winners.iter_mut().find(|(other, _)| same(other)) {
            Some((_, headers)) => headers.push(filled.header),
            None => winners.push((filled, vec![filled.header])),
        }
    }
    let mut rungs: Vec<Rung> = winners.into_iter().map(|(filled, headers)| winner(facts, filled, headers)).collect();
    let told = |rungs: &[Rung], kind: CredentialKind, source: Option<&Source>| {
        rungs.iter().any(|rung| rung.kind == kind && rung.source.as_ref() == source)
    };
    let mut rest: Vec<Rung> = Vec::new();
    for candidate in &resolution.candidates.all {
        if !told(&rungs, candidate.slot.kind(), candidate.source.as_ref()) {
            rest.push(loser(facts, candidate));
        }
    }
    rest.extend(custom_headers(facts).filter(|rung| !told(&rungs, rung.kind, rung.source.as_ref())));
    for filled in &resolution.withheld {
        if ![&rungs, &rest].iter().any(|rungs| told(rungs, filled.credential, Some(&filled.source))) {
            rest.push(withheld(facts, filled));
        }
    }
    rest.sort_by_key(|rung| rung.state == State::Absent);
    rungs.extend(rest);
    rungs
}

/// The rung of custom headers that are there and fill nothing: those that would carry a credential, or stop everything.
fn custom_headers(facts: &Facts<'_>) -> Option<Rung> {
    let place = facts.resolution.places(CUSTOM_HEADERS).first()?;
    let headers = CustomHeader::read(&place.value);
    let own = |header: &Header| headers.iter().any(|custom| custom.is(header.word()));
    let own: Vec<Header> = [Header::XApiKey, Header::Authorization].into_iter().filter(own).collect();
    let fault = headers.iter().find_map(CustomHeader::fault);
    if own.is_empty() && fault.is_none() {
        return None;
    }
    let by = facts.resolution.sends.iter().find(|sent| own.contains(&sent.header)).map(|sent| sent.credential);
    let (state, why) = match (place.ignored.map(Why::from), fault) {
        (Some(why), _) => (why.state(), Message::new(format!("why-{}", why.word()))),
        (None, Some(BadHeader::Value)) => (State::Unusable, Message::new("why-bad-character")),
        (None, Some(BadHeader::Name | BadHeader::EmptyName)) => (State::Unusable, Message::new("why-bad-name")),
        (None, None) => kept_back(by),
    };
    let value = headers.iter().find(|custom| own.iter().any(|header| custom.is(header.word())));
    Some(Rung {
        kind: CredentialKind::CustomHeaders,
        name: Some(CUSTOM_HEADERS.to_owned()),
        state,
        shadowed_by: by.filter(|_| state == State::Shadowed),
        headers: Vec::new(),
        source: Some(place.source.clone()),
        masked: value.and_then(|custom| custom.value.mask()),
        looks_like: value.map(|custom| custom.value.kind().word().into()),
        expires: None,
        why,
        also_in: also_in(facts, CUSTOM_HEADERS),
        instance: Instance::of(&place.source, CUSTOM_HEADERS),
        evidence: None,
    })
}

/// The rung of what is ready and not sent: something else fills its header, or no request goes out.
fn withheld(facts: &Facts<'_>, filled: &Filled) -> Rung {
    let by = facts.resolution.sends.iter().find(|sent| sent.header == filled.header).map(|sent| sent.credential);
    let (state, why) = kept_back(by);
    Rung { state, shadowed_by: by, headers: Vec::new(), why, evidence: None, ..winner(facts, filled, Vec::new()) }
}

/// What becomes of a credential that is ready, where another takes its place or nothing is sent at all.
fn kept_back(by: Option<CredentialKind>) -> (State, Message) {
    match by {
        Some(by) => (State::Shadowed, Message::new("why-shadowed").with("by", by.word())),
        None => (State::Ignored, Message::new("why-not-sent")),
    }
}

fn winner(facts: &Facts<'_>, filled: &Filled, headers: Vec<Header>) -> Rung {
    let slot = facts.resolution.candidates.all.iter().find(|candidate| {
        candidate.slot.kind() == filled.credential && candidate.source.as_ref() == Some(&filled.source)
    });
    let rule = facts.resolution.rules.iter().find(|(rule, _)| {
        Some(rule.credential) == slot.map(|candidate| candidate.slot) && rule.header == filled.header
    });
    let words: Vec<&str> = headers.iter().map(|header| header.word()).collect();
    let why = Message::new("why-wins").with("header", words.join(", "));
    Rung {
        kind: filled.credential,
        name: Some(filled.name.clone()),
        state: State::Wins,
        shadowed_by: None,
        headers,
        source: Some(filled.source.clone()),
        masked: filled.value.as_ref().and_then(Secret::mask),
        looks_like: filled.value.as_ref().map(|value| value.kind().word().into()),
        expires: slot.and_then(|candidate| candidate.expires_ms).map(crate::time::utc),
        why,
        also_in: also_in(facts, &filled.name),
        instance: Instance::of(&filled.source, &filled.name),
        evidence: rule.map(|(rule, _)| rule.evidence.name().into()),
    }
}

fn loser(facts: &Facts<'_>, candidate: &Candidate) -> Rung {
    let by = shadowed_by(facts, candidate);
    let state = candidate.state();
    let why = match (&candidate.out, by) {
        (Some(why), _) => Message::new(format!("why-{}", why.word())),
        (None, _) if !candidate.present => Message::new("why-absent"),
        (None, by) => kept_back(by).1,
    };
    let source = candidate.source.clone();
    let instance = match &source {
        Some(source) => Instance::of(source, &candidate.name),
        None => Instance(format!("{}:{}", candidate.slot.kind().word(), candidate.name)),
    };
    Rung {
        kind: candidate.slot.kind(),
        name: Some(candidate.name.clone()),
        state: if by.is_none() && state == State::Shadowed { State::Ignored } else { state },
        shadowed_by: by.filter(|_| state == State::Shadowed),
        headers: Vec::new(),
        source,
        masked: candidate.value.as_ref().and_then(Secret::mask),
        looks_like: candidate.value.as_ref().map(|value| value.kind().word().into()),
        expires: candidate.expires_ms.map(crate::time::utc),
        why,
        also_in: also_in(facts, &candidate.name),
        instance,
        evidence: None,
    }
}

fn shadowed_by(facts: &Facts<'_>, candidate: &Candidate) -> Option<CredentialKind> {
    if !candidate.stands() {
        return None;
    }
    let resolution = facts.resolution;
    if resolution.cloud.is_some() {
        return Some(CredentialKind::CloudProvider);
    }
    let custom = resolution.sends.iter().find(|sent| sent.credential == CredentialKind::CustomHeaders);
    let slots: Vec<Slot> = resolution.rules.iter().map(|(_, slot)| *slot).collect();
    if slots.contains(&candidate.slot) {
        return custom.map(|sent| sent.credential);
    }
    // A key keeps a login from being looked at; what fills the same header keeps anything else.
    let own_headers: Vec<_> = crate::ladder::RULES.iter().filter(|rule| rule.credential == candidate.slot).collect();
    let winner = resolution.rules.iter().find(|(rule, slot)| {
        own_headers.iter().any(|own| {
            own.header == rule.header || own.only_without_key || own.unless.iter().any(|bar| bar.by == *slot)
        })
    });
    let login = resolution.candidates.login.counts().then_some(CredentialKind::Login);
    winner.map(|(_, slot)| slot.kind()).or(login.filter(|_| candidate.slot == Slot::ManagedKey))
}

fn also_in(facts: &Facts<'_>, name: &str) -> Vec<AlsoIn> {
    let Some((first, others)) = facts.resolution.places(name).split_first() else { return Vec::new() };
    others
        .iter()
        .map(|place| AlsoIn {
            source: place.source.clone(),
            same_value: first.value.same_as(&place.value),
            state: if place.ignored.is_some() { State::Ignored } else { State::Shadowed },
        })
        .collect()
}

/// Paths below the home are written `~/…`.
pub(crate) struct Paths<'a> {
    home: &'a str,
}

impl<'a> Paths<'a> {
    pub(crate) fn of(home: &'a str) -> Self {
        Self { home: home.trim_end_matches(['/', '\\']) }
    }

    /// A path, or a text with paths in it.
    fn short(&self, text: &str) -> String {
        let mut short = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = self.split(rest) {
            short.push_str(before);
            short.push('~');
            rest = after;
        }
        short.push_str(rest);
        short
    }

    /// What stands before and after the home in a text.
    fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let of_a_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let is_whole = |before: &str, after: &str| {
            !before.ends_with(of_a_name) && !after.trim_start_matches('.').starts_with(of_a_name)
        };
        let mut places = text.match_indices(self.home).filter(|_| !self.home.is_empty());
        places.find_map(|(at, home)| {
            let (before, after) = (&text[..at], &text[at + home.len()..]);
            is_whole(before, after).then_some((before, after))
        })
    }

    fn source(&self, source: &mut Source) {
        if let Some(path) = &mut source.path {
            *path = self.short(path);
        }
    }

    fn shorten(&self, report: &mut Report) {
        if let Some(project) = &mut report.run.project {
            *project = self.short(project);
        }
        for install in &mut report.claude.installs {
            install.path = self.short(&install.path);
        }
        for sent in &mut report.route.sends {
            self.source(&mut sent.source);
        }
        if let Some(source) = &mut report.route.endpoint.source {
            self.source(source);
        }
        if let Some(proxy) = &mut report.route.proxy {
            self.source(&mut proxy.source);
        }
        if let Some(bypass) = &mut report.route.proxy_bypass {
            self.source(&mut bypass.source);
        }
        for row in &mut report.contexts {
            if let Some(project) = &mut row.project {
                *project = self.short(project);
            }
            for sent in &mut row.sends {
                self.source(&mut sent.source);
            }
            if let Some(source) = &mut row.endpoint.source {
                self.source(source);
            }
            self.message(row.because.as_mut());
        }
        for rung in &mut report.ladder {
            if let Some(source) = &mut rung.source {
                self.source(source);
            }
            for other in &mut rung.also_in {
                self.source(&mut other.source);
            }
        }
        for finding in report.causes.iter_mut().flat_map(|cause| &mut cause.checks) {
            finding.debug = self.short(&finding.debug);
            for source in &mut finding.evidence {
                self.source(source);
            }
            for message in [Some(&mut finding.text), finding.saw.as_mut(), finding.why.as_mut(), finding.to_do.as_mut()]
            {
                self.message(message);
            }
        }
        // What is printed has the whole path in it: its stable part ends before.
        if let Some(message) = &mut report.prediction.message
            && let Some((before, _)) = self.split(message)
        {
            *message = before.trim_end().to_owned();
        }
        for cause in &mut report.causes {
            self.message(Some(&mut cause.headline));
        }
        self.message(Some(&mut report.verdict.headline));
    }

    pub(crate) fn message(&self, message: Option<&mut Message>) {
        for (_, argument) in message.into_iter().flat_map(|message| &mut message.args) {
            if let crate::message::Argument::Text(text) = argument {
                *text = self.short(text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_is_shortened_wherever_it_stands_and_nothing_else_is() {
        let paths = Paths { home: "/home/kim" };
        for (text, short) in [
            ("/home/kim", "~"),
            ("/home/kim/.claude.json", "~/.claude.json"),
            ("/home/kim/.a and /home/kim/.b, not read", "~/.a and ~/.b, not read"),
            ("it lies in \"/home/kim\".", "it lies in \"~\"."),
            ("it lies in /home/kim.", "it lies in ~."),
            ("/home/kimberly/x", "/home/kimberly/x"),
            ("/home/kim.old/x", "/home/kim.old/x"),
            ("/mnt/home/kim/x", "/mnt/home/kim/x"),
        ] {
            assert_eq!(paths.short(text), short, "{text}");
        }
        assert_eq!(Paths { home: "" }.short("https://gw.example/x"), "https://gw.example/x");
    }
}
