//! From facts to a report: runs the table of checks, colours the causes, finds the one sentence.

mod paths;
mod rungs;

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::checks::backstop::backstop;
use crate::checks::{CONTEXTS_DIFFER, Check, Found, Outcome};
use crate::claude_code;
use crate::contexts::{Elsewhere, names_of, with_hint};
use crate::fixes::{self, Fix, Repair};
use crate::message::Message;
use crate::proxy;
use crate::report::{
    Cause, CauseReport, Claude, Context, ContextRow, CredentialKind, Endpoint, Finding, GreyReason, Instance, Light,
    Live, Outcome as LiveOutcome, Owner, Prediction, Redaction, Report, Route, Run, Sent, Status, ToldBy, Tool,
};
use crate::route::{Filled, Resolution, resolve};
use crate::selection::Selection;
use crate::snapshot::Snapshot;
use crate::verdict;

pub(crate) use paths::Paths;
use rungs::ladder;

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
    let mut causes = causes(facts, selection, run.clock);
    for finding in causes.iter_mut().flat_map(|cause| &mut cause.checks) {
        finding.fix = fixes::of_finding(facts, finding).map(|(fix, repair)| fixes::offer(fix, &repair));
    }
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

/// A fix that a finding leads to.
pub struct Offered {
    /// The finding. Its paths are whole.
    pub finding: Finding,
    /// The fix.
    pub fix: &'static Fix,
    /// What it would change.
    pub repair: Repair,
}

/// What every check says, without a report around it. Paths are whole.
pub fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let causes = causes(facts, &Selection::default(), || Duration::ZERO);
    causes.into_iter().flat_map(|cause| cause.checks).collect()
}

/// Every fix that a finding leads to, in the order of the screen.
pub fn offers(facts: &Facts<'_>) -> Vec<Offered> {
    let offered = |finding: Finding| {
        let (fix, repair) = fixes::of_finding(facts, &finding)?;
        Some(Offered { finding, fix, repair })
    };
    findings(facts).into_iter().filter_map(offered).collect()
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
        fix: None,
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
        // A login is sent by the person's own program alone.
        (true, true) if id != Cause::Login || facts.live.own_claude => (Light::Green, None),
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
        let same_folder = there.project == examined.project;
        let because = there.difference_from(resolution, told);
        let because = because.map(|because| with_hint(because, &snapshot.hints, same_folder));
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
        proxy::Choice::PromptsBypass(proxy, bypass) => (Some(proxy.clone()), Some(bypass.clone())),
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
