//! What is different between two reports, in a few short sentences.

use crate::message::Message;
use crate::report::{
    Asks, Billing, Endpoint, Finding, Light, Prediction, Report, Rung, Sent, Source, State, Status, Verdict,
};

/// The most sentences that are said.
pub const MOST_SENTENCES: usize = 5;

/// The most findings of a kind that are named.
const MOST_FINDINGS: usize = 2;

/// Something before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<T> {
    /// As it is.
    pub before: T,
    /// As it would be.
    pub after: T,
}

/// What is different between two reports.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Who signs in, a header each.
    pub sends: Change<Vec<Sent>>,
    /// Where requests go.
    pub endpoint: Change<Endpoint>,
    /// Who pays.
    pub billing: Change<Billing>,
    /// What `claude` does before any server answers.
    pub prediction: Change<Prediction>,
    /// The one sentence.
    pub verdict: Change<Verdict>,
    /// Faults, and what may be one, that were not there; the worst first.
    pub appear: Vec<Finding>,
    /// Those that are gone; the worst first.
    pub go: Vec<Finding>,
    /// Who is left, where nothing is sent although something is there.
    kept_back: Option<Rung>,
}

impl Difference {
    /// What is different in `after`. Sentences of findings are taken as both reports say them.
    pub fn between(before: &Report, after: &Report) -> Self {
        let held = |report: &Report| {
            let there = |rung: &&Rung| matches!(rung.state, State::Shadowed | State::Ignored | State::Unusable);
            report.ladder.iter().find(there).filter(|_| report.route.sends.is_empty()).cloned()
        };
        Self {
            sends: change(&before.route.sends, &after.route.sends),
            endpoint: change(&before.route.endpoint, &after.route.endpoint),
            billing: change(&before.route.billing, &after.route.billing),
            prediction: change(&before.prediction, &after.prediction),
            verdict: change(&before.verdict, &after.verdict),
            appear: only_in(after, before),
            go: only_in(before, after),
            kept_back: held(after),
        }
    }

    /// Whether all is as it was.
    pub fn is_none(&self) -> bool {
        let Self { sends, endpoint, billing, prediction, verdict, appear, go, kept_back: _ } = self;
        let says_the_same = verdict.before.code == verdict.after.code
            && verdict.before.light == verdict.after.light
            && verdict.before.headline.key == verdict.after.headline.key;
        same_credentials(&sends.before, &sends.after)
            && endpoint.before.url == endpoint.after.url
            && billing.before == billing.after
            && does_the_same(&prediction.before, &prediction.after)
            && says_the_same
            && appear.is_empty()
            && go.is_empty()
    }

    /// It in sentences, at most [`MOST_SENTENCES`], the most important first.
    pub fn sentences(&self) -> Vec<Message> {
        if self.is_none() {
            return vec![Message::new("what-if-nothing")];
        }
        let mut said = Vec::new();
        said.extend(self.who_signs_in());
        said.extend(self.appear.iter().take(MOST_FINDINGS).map(|finding| found("what-if-appears", finding)));
        said.extend(self.what_is_done());
        said.extend(self.where_to());
        said.extend(self.who_pays());
        said.extend(self.go.iter().take(MOST_FINDINGS).map(|finding| found("what-if-goes", finding)));
        said.extend(self.all_in_all());
        said.truncate(MOST_SENTENCES);
        if said.is_empty() {
            // What is different lies in the credential alone: another place of the same.
            said.push(Message::new("what-if-little"));
        }
        said
    }

    fn who_signs_in(&self) -> Option<Message> {
        let Change { before, after } = &self.sends;
        if same_credentials(before, after) {
            return None;
        }
        Some(match (&after[..], &self.kept_back) {
            ([], Some(rung)) if rung.state == State::Unusable => {
                Message::new("what-if-unusable").with("credential", rung.kind.word())
            }
            ([], _) => Message::new("what-if-no-credential"),
            ([first, second, ..], _) if first.credential != second.credential => Message::new("what-if-two")
                .with("credential", first.credential.word())
                .with("second", second.credential.word()),
            ([sent, ..], _) => {
                let still = before.iter().any(|before| before.credential == sent.credential);
                let one = Message::new("what-if-signs-in").with("credential", sent.credential.word());
                // Of the same kind it is the place that tells them apart.
                if still {
                    at(one, &sent.source)
                } else {
                    one.with("place", "unsaid").with("path", "").with("line", 0_usize)
                }
            }
        })
    }

    fn where_to(&self) -> Option<Message> {
        let Change { before, after } = &self.endpoint;
        if before.url == after.url {
            return None;
        }
        let host = after.origin.as_deref().map(|origin| origin.split_once("://").map_or(origin, |(_, host)| host));
        Some(match (host, &after.source) {
            (None, _) => Message::new("what-if-no-address"),
            (Some(host), None) => Message::new("what-if-usual-address").with("host", host),
            (Some(host), Some(_)) => Message::new("what-if-address").with("host", host),
        })
    }

    fn who_pays(&self) -> Option<Message> {
        let Change { before, after } = self.billing;
        (before != after && after != Billing::Unknown && !self.sends.after.is_empty())
            .then(|| Message::new("what-if-billing").with("billing", after.word()))
    }

    fn what_is_done(&self) -> Option<Message> {
        let Change { before, after } = &self.prediction;
        if does_the_same(before, after) {
            return None;
        }
        match (&after.message, after.asks) {
            (Some(message), _) if before.message != after.message => {
                Some(Message::new("what-if-prints").with("message", message.as_str()))
            }
            (_, Some(asks)) if before.asks != after.asks => Some(Message::new(match asks {
                Asks::Onboarding => "what-if-asks-onboarding",
                Asks::Connectivity => "what-if-asks-connectivity",
                Asks::KeyApproval => "what-if-asks-key",
                Asks::FolderTrust => "what-if-asks-folder",
            })),
            _ if before.starts == Some(false) && after.starts == Some(true) => Some(Message::new("what-if-starts")),
            _ => None,
        }
    }

    /// The verdict, where no finding has said it.
    fn all_in_all(&self) -> Option<Message> {
        let Change { before, after } = &self.verdict;
        let better = after.code.is_none() && after.light != Light::Red && before.light != after.light;
        better.then(|| Message::new("what-if-verdict").with("headline", sentence(after.headline.text())))
    }
}

fn change<T: Clone>(before: &T, after: &T) -> Change<T> {
    Change { before: before.clone(), after: after.clone() }
}

fn same_credentials(before: &[Sent], after: &[Sent]) -> bool {
    // Lines may move, the place does not.
    let place = |source: &Source| (source.kind, source.scope, source.path.clone(), source.name.clone());
    let all = |sends: &[Sent]| {
        sends.iter().map(|sent| (sent.header, sent.credential, place(&sent.source))).collect::<Vec<_>>()
    };
    all(before) == all(after)
}

fn does_the_same(before: &Prediction, after: &Prediction) -> bool {
    (before.starts, before.asks, before.sends_request, &before.message)
        == (after.starts, after.asks, after.sends_request, &after.message)
}

/// The faults of a report that the other does not have, or has as less; the worst first.
fn only_in(report: &Report, other: &Report) -> Vec<Finding> {
    let faults = |report: &Report| -> Vec<Finding> {
        let all = report.causes.iter().flat_map(|cause| &cause.checks);
        let tells =
            |finding: &&Finding| matches!(finding.status, Status::Warn | Status::Fail) && finding.code.is_some();
        all.filter(tells).cloned().collect()
    };
    let others = faults(other);
    let is_there = |finding: &Finding| {
        let same = |other: &Finding| other.code == finding.code && other.instance == finding.instance;
        others.iter().any(|other| same(other) && other.status >= finding.status)
    };
    let mut only: Vec<_> = faults(report).into_iter().filter(|finding| !is_there(finding)).collect();
    only.sort_by_key(|finding| std::cmp::Reverse(finding.status));
    only
}

fn found(key: &'static str, finding: &Finding) -> Message {
    let code = finding.code.clone().unwrap_or_default().into_owned();
    Message::new(key).with("headline", sentence(finding.text.text())).with("code", code)
}

/// A sentence without its full stop, for something to follow.
fn sentence(text: &str) -> &str {
    text.trim_end().trim_end_matches('.')
}

/// With the place from which it comes.
fn at(message: Message, source: &Source) -> Message {
    match (&source.path, source.line) {
        (Some(path), Some(line)) => message.with("place", "line").with("path", path.as_str()).with("line", line),
        (Some(path), None) => message.with("place", "file").with("path", path.as_str()).with("line", 0_usize),
        (None, _) => message.with("place", "environment").with("path", "").with("line", 0_usize),
    }
}
