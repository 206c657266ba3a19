//! The variables that hold a credential, and whether Claude Code sends what they hold.

use super::Found;
use crate::judge::Facts;
use crate::ladder::{Candidate, Slot};
use crate::report::{CredentialKind, Header, Provider, Source, Status};
use crate::secret::Secret;

/// The variables of this cause, strongest first.
const SLOTS: [Slot; 3] = [Slot::AuthToken, Slot::ApiKey, Slot::OauthToken];

/// A variable whose value goes, or would go, into a header.
pub(super) struct InForce<'a> {
    /// Its place on the ladder.
    pub slot: Slot,
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: &'a Secret,
    /// Where it stands.
    pub source: &'a Source,
    /// Whether it is the only credential. Of two, the other may do.
    pub alone: bool,
    /// Who gets it.
    pub goes_to: Receiver,
}

/// Who gets a credential.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Receiver {
    /// Anthropic, which knows its own keys alone.
    Anthropic,
    /// A gateway, which may hand out keys of any form.
    Gateway,
    /// A program on this machine, which may not look at keys at all.
    ThisMachine,
}

impl InForce<'_> {
    /// The first thing that is wrong with the text. One is told, since one is to be done.
    pub fn slip(&self) -> Option<Slip> {
        Slip::of(self.value)
    }

    /// How bad it is if Anthropic would surely refuse it: red where nothing else is sent, and nowhere else.
    pub fn status(&self) -> Status {
        if self.alone && self.goes_to == Receiver::Anthropic { Status::Fail } else { Status::Warn }
    }

    /// A finding about it.
    pub fn found(&self, code: &'static str, status: Status, debug: &str) -> Found {
        Found::new(code, status, format!("{}: {debug}", self.name)).with("name", self.name).at(self.source)
    }
}

impl Slip {
    /// The first thing that is wrong with a text.
    pub fn of(value: &Secret) -> Option<Self> {
        if value.bad_character().is_some() {
            Some(Self::BadCharacter)
        } else if value.is_placeholder() {
            Some(Self::Placeholder)
        } else if value.is_quoted() {
            Some(Self::Quoted)
        } else if value.has_bearer_prefix() {
            Some(Self::Bearer)
        } else if value.has_inner_space() {
            Some(Self::InnerSpace)
        } else {
            None
        }
    }

    /// The word for sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::BadCharacter => "character",
            Self::Placeholder => "placeholder",
            Self::Quoted => "quoted",
            Self::Bearer => "bearer",
            Self::InnerSpace => "space",
        }
    }
}

/// What can be wrong with the text of a credential, worst first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Slip {
    BadCharacter,
    Placeholder,
    Quoted,
    Bearer,
    InnerSpace,
}

/// Every variable that holds a credential and is there, whatever becomes of it.
pub(super) fn variables<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = &'a Candidate> {
    SLOTS.into_iter().filter_map(|slot| facts.resolution.candidates.get(slot)).filter(|candidate| candidate.present)
}

/// The variables that fill a header. A cloud takes no notice of them, and a header that the person adds replaces them.
pub(super) fn in_force<'a>(facts: &'a Facts<'_>) -> Vec<InForce<'a>> {
    let resolution = facts.resolution;
    if resolution.cloud.is_some() {
        return Vec::new();
    }
    let own = |header: Header| resolution.custom_headers.iter().any(|custom| custom.is(header.word()));
    let sent = |slot: Slot| {
        resolution.rules.iter().any(|(rule, filled)| {
            // A token is put in after the headers that the person adds.
            *filled == slot && (slot == Slot::AuthToken || !own(rule.header))
        })
    };
    let credentials: Vec<Slot> = {
        let mut all: Vec<Slot> = resolution.rules.iter().map(|(_, slot)| *slot).collect();
        all.dedup();
        all
    };
    let alone = credentials.len() == 1
        && !resolution
            .sends
            .iter()
            .any(|sent| matches!(sent.credential, CredentialKind::CustomHeaders | CredentialKind::UrlUserinfo));
    let goes_to = match &resolution.base {
        _ if resolution.provider == Provider::Anthropic => Receiver::Anthropic,
        Ok(base) if base.loopback => Receiver::ThisMachine,
        _ => Receiver::Gateway,
    };
    variables(facts)
        .filter(|candidate| candidate.out.is_none() && sent(candidate.slot))
        .filter_map(|candidate| {
            Some(InForce {
                slot: candidate.slot,
                name: &candidate.name,
                value: candidate.value.as_ref()?,
                source: candidate.source.as_ref()?,
                alone,
                goes_to,
            })
        })
        .collect()
}
