//! What Claude Code would do if it had been started with other variables: the same question, asked of an edited
//! snapshot.

use crate::claude_code::variables::{self, Purpose};
use crate::contexts::first_difference;
use crate::route::{Filled, Resolution, resolve};
use crate::snapshot::{Snapshot, Variable};

/// How another start differs, as far as signing in goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::checks) enum Difference {
    /// The same variable with another value; its name.
    OtherValue(String),
    /// Another credential; the names of both, the other start's first.
    OtherCredential(String, String),
    /// Only the other start has a credential; its name.
    Has(String),
    /// Only this one has a credential; its name.
    Lacks(String),
    /// Another address.
    OtherAddress,
}

impl Difference {
    /// The word for sentences.
    pub fn word(&self) -> &'static str {
        match self {
            Self::OtherValue(_) => "value",
            Self::OtherCredential(..) => "credential",
            Self::Has(_) => "has",
            Self::Lacks(_) => "lacks",
            Self::OtherAddress => "address",
        }
    }

    /// The credential of the other start; of one that has none, the one that it lacks.
    pub fn name(&self) -> &str {
        match self {
            Self::OtherValue(name) | Self::OtherCredential(name, _) | Self::Has(name) | Self::Lacks(name) => name,
            Self::OtherAddress => "ANTHROPIC_BASE_URL",
        }
    }

    /// The credential of this start.
    pub fn here(&self) -> &str {
        match self {
            Self::OtherCredential(_, name) => name,
            other => other.name(),
        }
    }
}

/// Whether a variable decides how somebody signs in, and where to.
pub(in crate::checks) fn takes_part(name: &str) -> bool {
    variables::find(name).is_some_and(|fact| {
        let deciding = [Purpose::Credential, Purpose::Endpoint, Purpose::Provider, Purpose::CloudCredential];
        deciding.contains(&fact.purpose)
    })
}

/// How it differs if those of `variables` that take part stood in the place of those that are there now.
pub(in crate::checks) fn instead(
    snapshot: &Snapshot,
    resolution: &Resolution,
    variables: impl IntoIterator<Item = Variable>,
) -> Option<Difference> {
    let mut other = snapshot.clone();
    other.examined.variables.retain(|variable| !takes_part(&variable.name));
    other.examined.variables.extend(variables.into_iter().filter(|variable| takes_part(&variable.name)));
    difference(resolution, &resolve(&other))
}

fn difference(here: &Resolution, there: &Resolution) -> Option<Difference> {
    let name = |filled: &Filled| filled.name.clone();
    let is_same = |mine: &Filled, its: &Filled| {
        (mine.header, mine.credential, &mine.name) == (its.header, its.credential, &its.name)
    };
    if let Some((mine, its)) = first_difference(&here.sends, &there.sends) {
        // Where only one of them fills the header, the other has what it sends instead.
        return match (mine.or(here.sends.last()), its.or(there.sends.last())) {
            (Some(mine), Some(its)) if is_same(mine, its) => Some(Difference::OtherValue(name(its))),
            (Some(mine), Some(its)) => Some(Difference::OtherCredential(name(its), name(mine))),
            (None, Some(its)) => Some(Difference::Has(name(its))),
            (Some(mine), None) => Some(Difference::Lacks(name(mine))),
            (None, None) => None,
        };
    }
    let url = |resolution: &Resolution| resolution.base.as_ref().ok().map(|base| base.url.clone());
    (url(here) != url(there)).then_some(Difference::OtherAddress)
}
