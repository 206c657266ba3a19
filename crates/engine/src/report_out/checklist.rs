//! The report put into words, in the order of the screen: what text and Markdown (and later HTML) lay out.

use authlight_core::message::{Argument, Message, Words};
use authlight_core::report::{
    Cause, CauseReport, Context, ContextRow, Endpoint, Finding, FixKind, FixOffer, GreyReason, Light, Live, Outcome,
    Owner, Report, Rung, Sent, Source, StageRow, State, Status, ToldBy,
};

/// So many contexts of other folders that are not as here stand in a text.
const MOST_ELSEWHERE: usize = 10;

/// The sign in front of a line. Each has a symbol and a word; a colour only comes on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Ruled out.
    Fine,
    /// May be the fault.
    Look,
    /// A fault.
    Problem,
    /// Not known.
    NotKnown,
    /// A fault that is not the person's to repair.
    NotYours,
    /// Worth knowing.
    Note,
}

impl From<Light> for Sign {
    fn from(light: Light) -> Self {
        match light {
            Light::Green => Self::Fine,
            Light::Amber => Self::Look,
            Light::Red => Self::Problem,
            Light::Grey => Self::NotKnown,
            Light::Blue => Self::NotYours,
        }
    }
}

impl Sign {
    fn of(status: Status, owner: Owner) -> Self {
        match (status, owner) {
            (Status::Fail, Owner::Person) => Self::Problem,
            (Status::Warn, Owner::Person) => Self::Look,
            (Status::Fail | Status::Warn, _) => Self::NotYours,
            (Status::Pass, _) => Self::Fine,
            (Status::Note, _) => Self::Note,
            (Status::Skipped | Status::Unknown | Status::Crashed, _) => Self::NotKnown,
        }
    }

    /// The symbol.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Fine => "✔",
            Self::Look => "▲",
            Self::Problem => "✖",
            Self::NotKnown => "○",
            Self::NotYours => "◆",
            Self::Note => "•",
        }
    }

    /// The symbol for a console that knows ASCII alone.
    pub fn ascii(self) -> &'static str {
        match self {
            Self::Fine => "[ok]",
            Self::Look => "[!]",
            Self::Problem => "[X]",
            Self::NotKnown => "[?]",
            Self::NotYours => "[>]",
            Self::Note => "[i]",
        }
    }
}

/// One light.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightLine {
    /// Its sign.
    pub sign: Sign,
    /// The word that says the same.
    pub word: String,
    /// Which cause.
    pub name: String,
    /// One line about it.
    pub headline: String,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingSheet {
    /// Its sign.
    pub sign: Sign,
    /// Its code.
    pub code: String,
    /// The headline.
    pub headline: String,
    /// What we saw, where, why, what to do: label and text.
    pub parts: Vec<(String, String)>,
}

/// One row of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderLine {
    /// What becomes of it.
    pub state: String,
    /// Which credential.
    pub credential: String,
    /// Where it stands; may be empty.
    pub place: String,
    /// Why it wins or loses.
    pub why: String,
    /// The same variable at other places.
    pub also: Vec<String>,
}

/// A section of plain lines under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// Its lines.
    pub lines: Vec<String>,
}

/// The whole report in words. No text in it has a line break or a control character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    /// What this is.
    pub title: String,
    /// The sign of the verdict.
    pub sign: Sign,
    /// The one sentence.
    pub verdict: String,
    /// The code to read out on the phone.
    pub phone: String,
    /// Heading of the lights.
    pub lights_heading: String,
    /// The five.
    pub lights: Vec<LightLine>,
    /// The checks before them that have something to say.
    pub ground: Vec<LightLine>,
    /// Said where the ground checks have nothing to say.
    pub ground_fine: String,
    /// Heading of the findings.
    pub findings_heading: String,
    /// Faults and what may be one.
    pub findings: Vec<FindingSheet>,
    /// Said where there are none.
    pub findings_none: String,
    /// Heading of the notes.
    pub notes_heading: String,
    /// What is worth knowing.
    pub notes: Vec<FindingSheet>,
    /// Heading of the ladder.
    pub ladder_heading: String,
    /// The heads of its columns: state, credential, place, why.
    pub ladder_columns: [String; 4],
    /// Its rows.
    pub ladder: Vec<LadderLine>,
    /// What was looked for and is not there.
    pub ladder_absent: Option<String>,
    /// What goes where, what happens first, other folders, the live test.
    pub sections: Vec<Section>,
    /// What was not looked at, and why.
    pub unseen: Section,
    /// When, with what, on what.
    pub made: Vec<String>,
}

impl Checklist {
    /// Puts a report into words. Its own sentences are taken as they were said ([`Report::say`]).
    pub fn new(report: &Report, words: &dyn Words) -> Self {
        let speaker = Speaker(words);
        let say = |key: &'static str| speaker.say(key, &[]);
        let light = |cause: &CauseReport| speaker.light(cause);
        let all = || report.causes.iter().flat_map(|cause| cause.checks.iter());
        let of = |statuses: &[Status]| {
            let mut found: Vec<&Finding> = all().filter(|finding| statuses.contains(&finding.status)).collect();
            // What the verdict says comes first.
            found.sort_by_key(|finding| finding.code.is_none() || finding.code != report.verdict.code);
            found.into_iter().map(|finding| speaker.finding(finding)).collect()
        };
        let (five, ground): (Vec<_>, Vec<_>) = report.causes.iter().partition(|c| Cause::FIVE.contains(&c.id));
        let absent: Vec<String> =
            report.ladder.iter().filter(|r| r.state == State::Absent).map(|r| speaker.credential(r)).collect();
        Self {
            title: say("report-title"),
            sign: report.verdict.light.into(),
            verdict: plain(report.verdict.headline.text()),
            phone: match &report.verdict.code {
                Some(code) => speaker.say(
                    "report-phone-finding",
                    &[("code", report.verdict.check_code.as_str().into()), ("finding", code.as_ref().into())],
                ),
                None => speaker.say("report-phone", &[("code", report.verdict.check_code.as_str().into())]),
            },
            lights_heading: say("report-lights"),
            lights: five.into_iter().map(light).collect(),
            ground: ground.into_iter().filter(|c| !matches!(c.light, Light::Green)).map(light).collect(),
            ground_fine: say("report-ground-fine"),
            findings_heading: say("report-findings"),
            findings: of(&[Status::Fail, Status::Warn]),
            findings_none: say("report-findings-none"),
            notes_heading: say("report-notes"),
            notes: of(&[Status::Note]),
            ladder_heading: say("report-ladder"),
            ladder_columns: [
                say("report-column-state"),
                say("report-column-credential"),
                say("report-where"),
                say("report-column-why"),
            ],
            ladder: report.ladder.iter().filter(|r| r.state != State::Absent).map(|r| speaker.rung(r)).collect(),
            ladder_absent: (!absent.is_empty())
                .then(|| speaker.say("report-ladder-absent", &[("names", absent.join(", ").into())])),
            sections: [
                speaker.route(report),
                speaker.prediction(report),
                speaker.elsewhere(report),
                speaker.live(&report.live),
            ]
            .into_iter()
            .filter(|section| !section.lines.is_empty())
            .collect(),
            unseen: speaker.unseen(report),
            made: speaker.made(report),
        }
    }
}

/// The live test alone.
pub struct LiveSheet {
    /// Its heading.
    pub heading: String,
    /// Each stage with its sign.
    pub stages: Vec<(Sign, String)>,
    /// What it came to, and what was sent.
    pub lines: Vec<String>,
}

impl LiveSheet {
    /// Puts a test into words. The sentences of its stages are taken as they were said.
    pub fn new(live: &Live, words: &dyn Words) -> Self {
        let speaker = Speaker(words);
        let Section { heading, lines } = speaker.live(live);
        let stages = live.stages.iter().map(|stage| (Sign::of(stage.status, Owner::Person), speaker.stage(stage)));
        let (stages, others) = (stages.collect::<Vec<_>>(), lines.into_iter());
        let others = others.filter(|line| !stages.iter().any(|(_, stage)| stage == line)).collect();
        Self { heading, stages, lines: others }
    }
}

/// Foreign text on one line: what would move a cursor, change the writing's direction or break the line is shown as
/// a replacement character.
pub(super) fn plain(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
            c if c.is_control() => '\u{fffd}',
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => '\u{fffd}',
            c => c,
        })
        .collect()
}

struct Speaker<'w>(&'w dyn Words);

impl Speaker<'_> {
    fn say(&self, key: impl Into<std::borrow::Cow<'static, str>>, args: &[(&'static str, Argument)]) -> String {
        let mut message = Message::new(key);
        message.args.extend_from_slice(args);
        plain(&self.0.say(&message))
    }

    /// The words for a member of a set: `report-<set>-<word>`. A member without words is shown by its stable one.
    fn word(&self, set: &str, word: &str) -> String {
        let key = format!("report-{set}-{}", word.replace('.', "-"));
        let said = self.say(key.clone(), &[]);
        if said == key { plain(word) } else { said }
    }

    fn light(&self, cause: &CauseReport) -> LightLine {
        let word = match cause.reason {
            Some(reason) if cause.light == Light::Grey => self.word("grey", reason.word()),
            _ => self.word("light", cause.light.word()),
        };
        LightLine {
            sign: cause.light.into(),
            word,
            name: self.word("cause", cause.id.word()),
            headline: plain(cause.headline.text()),
        }
    }

    fn finding(&self, finding: &Finding) -> FindingSheet {
        let mut parts = Vec::new();
        let mut part = |key: &'static str, text: String| {
            if !text.is_empty() {
                parts.push((self.say(key, &[]), text));
            }
        };
        let text = |message: &Option<Message>| message.as_ref().map(|m| plain(m.text())).unwrap_or_default();
        part("report-saw", text(&finding.saw));
        part("report-where", finding.evidence.iter().map(|place| self.place(place)).collect::<Vec<_>>().join("; "));
        part("report-why", text(&finding.why));
        part("report-do", text(&finding.to_do));
        part("report-repair", finding.fix.as_ref().map(|fix| self.repair(fix, finding)).unwrap_or_default());
        part("report-more", finding.help.as_deref().map(plain).unwrap_or_default());
        FindingSheet {
            sign: Sign::of(finding.status, finding.owner),
            code: finding.code.as_deref().unwrap_or(&finding.id).to_owned(),
            headline: plain(finding.text.text()),
            parts,
        }
    }

    fn repair(&self, fix: &FixOffer, finding: &Finding) -> String {
        let command = format!("authlight fix {} --at '{}'", fix.id, plain(&finding.instance.0).replace('\'', "'\\''"));
        let mut text = match fix.kind {
            FixKind::Auto => self.say("report-repair-auto", &[("command", command.into())]),
            FixKind::Guided => self.say("report-repair-guided", &[("command", command.into())]),
            FixKind::Admin => self.say("report-repair-admin", &[]),
            FixKind::None => return String::new(),
        };
        if fix.needs_elevation && fix.kind != FixKind::Admin {
            text = format!("{text} {}", self.say("report-repair-elevation", &[]));
        }
        if !fix.reversible && fix.kind != FixKind::Admin {
            text = format!("{text} {}", self.say("report-repair-for-good", &[]));
        }
        text
    }

    fn place(&self, source: &Source) -> String {
        let kind = match source.scope {
            Some(scope) => self.word("scope", scope.word()),
            None => self.word("source", source.kind.word()),
        };
        let mut text = match &source.path {
            Some(path) => plain(path),
            None => kind.clone(),
        };
        if let Some(line) = source.line {
            text = match source.column {
                Some(column) => self.say(
                    "report-place-column",
                    &[("place", text.into()), ("line", line.to_string().into()), ("column", column.to_string().into())],
                ),
                None => self.say("report-place-line", &[("place", text.into()), ("line", line.to_string().into())]),
            };
        }
        if source.path.is_some() {
            text = self.say("report-place-kind", &[("place", text.into()), ("kind", kind.into())]);
        }
        match &source.name {
            Some(name) => self.say("report-place-name", &[("name", plain(name).into()), ("place", text.into())]),
            None => text,
        }
    }

    fn credential(&self, rung: &Rung) -> String {
        let kind = self.word("credential", rung.kind.word());
        match &rung.name {
            Some(name) => self.say("report-credential", &[("name", plain(name).into()), ("kind", kind.into())]),
            None => kind,
        }
    }

    fn rung(&self, rung: &Rung) -> LadderLine {
        let mut credential = self.credential(rung);
        if !rung.headers.is_empty() {
            let headers: Vec<_> = rung.headers.iter().map(|header| header.word()).collect();
            credential = self
                .say("report-sent-as", &[("credential", credential.into()), ("headers", headers.join(", ").into())]);
        }
        if let Some(masked) = &rung.masked {
            credential = format!("{credential} {}", plain(masked));
        }
        let mut why = plain(rung.why.text());
        if let Some(winner) = rung.shadowed_by {
            let winner = self.word("credential", winner.word());
            why = format!("{why} {}", self.say("report-in-its-place", &[("winner", winner.into())]));
        }
        if let Some(expires) = &rung.expires {
            why = format!("{why} {}", self.say("report-expires", &[("time", plain(expires).into())]));
        }
        let also = |also: &authlight_core::report::AlsoIn| {
            let key = if also.same_value { "report-also-same" } else { "report-also-other" };
            let state = self.word("state", also.state.word());
            self.say(key, &[("place", self.place(&also.source).into()), ("state", state.into())])
        };
        // The name of the credential already says which variable it is.
        let place = rung.source.as_ref().map(|source| {
            let bare =
                Source { name: source.name.clone().filter(|name| rung.name.as_ref() != Some(name)), ..source.clone() };
            self.place(&bare)
        });
        LadderLine {
            state: self.word("state", rung.state.word()),
            credential,
            place: place.unwrap_or_default(),
            why,
            also: rung.also_in.iter().map(also).collect(),
        }
    }

    fn sends(&self, sends: &[Sent]) -> Vec<String> {
        let line = |sent: &Sent| {
            let credential = self.word("credential", sent.credential.word());
            self.say(
                "report-route-sends",
                &[
                    ("header", sent.header.word().into()),
                    ("credential", credential.into()),
                    ("place", self.place(&sent.source).into()),
                ],
            )
        };
        sends.iter().map(line).collect()
    }

    fn endpoint(&self, endpoint: &Endpoint) -> String {
        match endpoint.url.as_deref().or(endpoint.origin.as_deref()) {
            Some(url) => plain(url),
            None => self.say("report-route-no-address", &[]),
        }
    }

    fn route(&self, report: &Report) -> Section {
        let route = &report.route;
        let provider = self.word("provider", route.provider.word());
        let billing = self.word("billing", route.billing.word());
        let mut lines = vec![self.say(
            "report-route-to",
            &[
                ("endpoint", self.endpoint(&route.endpoint).into()),
                ("provider", provider.into()),
                ("billing", billing.into()),
            ],
        )];
        if let Some(source) = &route.endpoint.source {
            lines.push(self.say("report-route-because", &[("place", self.place(source).into())]));
        }
        if route.sends.is_empty() {
            lines.push(self.say("report-route-sends-nothing", &[]));
        }
        lines.extend(self.sends(&route.sends));
        if let Some(proxy) = &route.proxy {
            let place = self.place(&proxy.source);
            lines.push(self.say("report-route-proxy", &[("url", plain(&proxy.url).into()), ("place", place.into())]));
        }
        if let Some(bypass) = &route.proxy_bypass {
            let key = if route.proxy.is_some() { "report-route-prompts-bypass" } else { "report-route-bypass" };
            let args = [
                ("variable", plain(&bypass.variable).into()),
                ("pattern", plain(&bypass.pattern).into()),
                ("place", self.place(&bypass.source).into()),
            ];
            lines.push(self.say(key, &args));
        }
        if route.proxy.is_none() && route.proxy_bypass.is_none() {
            lines.push(self.say("report-route-direct", &[]));
        }
        if !report.prediction.background_to.is_empty() {
            let origins = plain(&report.prediction.background_to.join(", "));
            lines.push(self.say("report-route-background", &[("origins", origins.into())]));
        }
        Section { heading: self.say("report-route", &[]), lines }
    }

    fn prediction(&self, report: &Report) -> Section {
        let prediction = &report.prediction;
        let mut lines = vec![match prediction.starts {
            Some(true) => self.say("report-starts-yes", &[]),
            Some(false) => self.say("report-starts-no", &[]),
            None => self.say("report-starts-unknown", &[]),
        }];
        if let Some(asks) = prediction.asks {
            lines.push(self.word("asks", asks.word()));
        }
        if prediction.refreshes_first {
            lines.push(self.say("report-refreshes", &[]));
        }
        lines.push(match prediction.sends_request {
            Some(true) => self.say("report-sends-yes", &[]),
            Some(false) => self.say("report-sends-no", &[]),
            None => self.say("report-sends-unknown", &[]),
        });
        if let Some(message) = &prediction.message {
            lines.push(self.say("report-prints", &[("message", plain(message).into())]));
        }
        Section { heading: self.say("report-prediction", &[]), lines }
    }

    fn elsewhere(&self, report: &Report) -> Section {
        let told = report.contexts.first().is_none_or(|here| here.unsure.is_empty());
        let line = |row: &ContextRow| {
            let context = self.word("context", row.context.word());
            let project = row.project.as_deref().map_or_else(|| self.say("report-no-project", &[]), plain);
            let because = row.because.as_ref().map(|m| plain(m.text())).unwrap_or_default();
            let args = [("context", context.into()), ("project", project.into()), ("because", because.into())];
            let sentence = match row.differs {
                _ if !row.unsure.is_empty() => "report-elsewhere-unknown",
                _ if !told => "report-elsewhere-not-compared",
                true => "report-elsewhere-differs",
                false => "report-elsewhere-same",
            };
            let mut text = self.say(sentence, &args);
            if (row.context, row.told_by) == (Context::NewTerminal, ToldBy::Files) {
                text = format!("{text} {}", self.say("report-elsewhere-by-files", &[]));
            }
            if let Some(code) = &row.code {
                text = format!("{text} ({code})");
            }
            text
        };
        let here = |row: &&ContextRow| row.project == report.run.project;
        let mut lines: Vec<String> = Vec::new();
        if report.contexts.len() > 1 || report.contexts.iter().any(|row| row.differs) {
            lines.extend(report.contexts.iter().filter(here).map(line));
        }
        // There may be thousands of folders: what is as here is counted, and of what is not a few stand for all.
        let others = report.contexts.iter().filter(|row| !here(row));
        let (differ, others): (Vec<&ContextRow>, Vec<&ContextRow>) = others.partition(|row| row.differs);
        let same = others.iter().filter(|row| told && row.unsure.is_empty()).count();
        lines.extend(differ.iter().take(MOST_ELSEWHERE).map(|row| line(row)));
        let counted = [
            ("report-elsewhere-more", differ.len().saturating_sub(MOST_ELSEWHERE)),
            ("report-elsewhere-alike", same),
            ("report-elsewhere-untold", others.len() - same),
        ];
        let counted = counted.into_iter().filter(|(_, count)| *count > 0);
        lines.extend(counted.map(|(key, count)| self.say(key, &[("count", count.into())])));
        Section { heading: self.say("report-elsewhere", &[]), lines }
    }

    fn stage(&self, stage: &StageRow) -> String {
        self.say(
            "report-live-stage",
            &[
                ("stage", self.word("stage", stage.stage.word()).into()),
                ("status", self.word("status", stage.status.word()).into()),
                ("text", plain(stage.text.text()).into()),
            ],
        )
    }

    fn live(&self, live: &Live) -> Section {
        if live.outcome == Outcome::NotTested && live.stages.is_empty() {
            return Section { heading: String::new(), lines: Vec::new() };
        }
        let mut lines = vec![self.word("outcome", live.outcome.word())];
        if live.outcome == Outcome::Verified {
            lines.push(self.say(if live.works { "report-live-works" } else { "report-live-known" }, &[]));
        }
        for stage in &live.stages {
            lines.push(self.stage(stage));
        }
        if let Some(says) = &live.claude_says {
            lines.push(self.say("report-prints", &[("message", plain(says).into())]));
        }
        for reached in &live.reached {
            let args = [("origin", plain(&reached.origin).into()), ("text", plain(reached.text.text()).into())];
            lines.push(self.say("report-live-reached", &args));
        }
        if let Some(service) = &live.service {
            lines.push(self.stage(service));
        }
        for sent in &live.sent {
            lines.push(self.say(
                "report-live-sent",
                &[
                    ("method", plain(&sent.method).into()),
                    ("url", plain(&sent.target()).into()),
                    (
                        "headers",
                        if sent.headers.is_empty() { "none".into() } else { plain(&sent.headers.join(", ")).into() },
                    ),
                ],
            ));
        }
        Section { heading: self.say("report-live", &[]), lines }
    }

    fn unseen(&self, report: &Report) -> Section {
        let mut lines = Vec::new();
        let mut push = |line: String| {
            if !lines.contains(&line) {
                lines.push(line);
            }
        };
        let line =
            |what: String, why: String| self.say("report-unseen-line", &[("what", what.into()), ("why", why.into())]);
        for cause in &report.causes {
            let name = self.word("cause", cause.id.word());
            let untold = |finding: &&Finding| matches!(finding.status, Status::Unknown | Status::Crashed);
            match cause.reason {
                Some(GreyReason::NotInUse) | None => {}
                // What could not be told says more than that something could not.
                Some(GreyReason::CouldNotLook) if cause.checks.iter().any(|finding| untold(&finding)) => {}
                Some(reason) => push(line(name.clone(), self.word("unseen", reason.word()))),
            }
            for finding in cause.checks.iter().filter(untold) {
                let status = self.word("status", finding.status.word());
                push(line(name.clone(), format!("{status}: {}", plain(finding.text.text()))));
                let repair = finding.fix.as_ref().map(|fix| self.repair(fix, finding));
                if let Some(repair) = repair.filter(|repair| !repair.is_empty()) {
                    push(line(self.say("report-repair", &[]), repair));
                }
            }
        }
        for rung in report.ladder.iter().filter(|rung| rung.state == State::Unreadable) {
            push(line(self.credential(rung), plain(rung.why.text())));
        }
        if !report.run.online {
            lines.push(self.say("report-unseen-network", &[]));
        }
        Section { heading: self.say("report-unseen", &[]), lines }
    }

    fn made(&self, report: &Report) -> Vec<String> {
        let (tool, run, host) = (&report.tool, &report.run, &report.host);
        let mut machine = vec![plain(&host.os), plain(&host.os_version), plain(&host.arch)];
        for (there, word) in [(host.wsl, "wsl"), (host.ssh, "ssh"), (host.container, "container")] {
            if there {
                machine.push(self.word("host", word));
            }
        }
        machine.retain(|word| !word.is_empty());
        let project = run.project.as_deref().map_or_else(|| self.say("report-no-project", &[]), plain);
        let mut lines = vec![
            self.say(
                "report-made-with",
                &[
                    ("version", plain(&tool.version).into()),
                    ("claude", plain(&tool.facts_for).into()),
                    ("day", plain(&tool.facts_checked).into()),
                ],
            ),
            self.say("report-made-at", &[("time", plain(&run.utc).into()), ("machine", machine.join(", ").into())]),
            self.say(
                "report-made-for",
                &[
                    ("whom", plain(&run.as_whom).into()),
                    ("context", self.word("context", run.context.word()).into()),
                    ("mode", self.word("mode", run.mode.word()).into()),
                    ("project", project.into()),
                ],
            ),
        ];
        for install in &report.claude.installs {
            let version = install.version.as_deref().map_or_else(|| self.say("report-version-unknown", &[]), plain);
            let key = if install.first { "report-install-first" } else { "report-install" };
            lines.push(self.say(
                key,
                &[
                    ("path", plain(&install.path).into()),
                    ("version", version.into()),
                    ("kind", plain(&install.kind).into()),
                ],
            ));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use authlight_core::report::{Asks, Billing, CredentialKind, Mode, Outcome, Provider, Scope, SourceKind, Stage};

    use super::*;
    use crate::words::Language;

    #[test]
    fn every_word_of_the_contract_is_spoken() {
        let language = Language::english();
        let mut missing = Vec::new();
        let mut ask = |set: &str, word: &str| {
            let key = format!("report-{set}-{}", word.replace('.', "-"));
            if !language.knows(&key) {
                missing.push(key);
            }
        };
        Light::ALL.iter().for_each(|w| ask("light", w.word()));
        GreyReason::ALL.iter().for_each(|w| ask("grey", w.word()));
        Cause::ALL.iter().for_each(|w| ask("cause", w.word()));
        State::ALL.iter().for_each(|w| ask("state", w.word()));
        CredentialKind::ALL.iter().for_each(|w| ask("credential", w.word()));
        Provider::ALL.iter().for_each(|w| ask("provider", w.word()));
        Billing::ALL.iter().for_each(|w| ask("billing", w.word()));
        SourceKind::ALL.iter().for_each(|w| ask("source", w.word()));
        Scope::ALL.iter().for_each(|w| ask("scope", w.word()));
        Asks::ALL.iter().for_each(|w| ask("asks", w.word()));
        Stage::ALL.iter().for_each(|w| ask("stage", w.word()));
        Status::ALL.iter().for_each(|w| ask("status", w.word()));
        Outcome::ALL.iter().for_each(|w| ask("outcome", w.word()));
        Mode::ALL.iter().for_each(|w| ask("mode", w.word()));
        assert!(missing.is_empty(), "{missing:?}");
    }
}
