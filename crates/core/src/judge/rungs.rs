//! The ladder as the report shows it: a rung for each credential that was looked for, and why it loses.

use super::Facts;
use crate::headers::{BadHeader, CustomHeader};
use crate::ladder::{Candidate, Slot, Why};
use crate::message::Message;
use crate::report::{AlsoIn, CredentialKind, Header, Instance, Rung, Source, State};
use crate::route::{CUSTOM_HEADERS, Filled};
use crate::secret::Secret;

/// The ladder: what is sent, then what is there and loses, then what is absent.
pub(super) fn ladder(facts: &Facts<'_>) -> Vec<Rung> {
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
