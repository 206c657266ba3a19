//! Which checks are asked: `--only`, `--skip`.

use thiserror::Error;

use crate::checks::{self, Check};
use crate::report::Cause;

/// A word that names neither a check nor a cause.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}: no check has this ID")]
pub struct UnknownCheck(pub String);

/// Which checks are asked. The default asks all.
#[derive(Clone, Default)]
pub struct Selection {
    only: Option<Vec<String>>,
    skip: Vec<String>,
    added: &'static [Check],
}

impl Selection {
    /// Asks the checks in `only` (all, where that is empty) but not those in `skip`. The ID of a cause stands for all
    /// of its checks.
    ///
    /// # Errors
    /// The first word that names neither a check nor a cause.
    pub fn new(only: &[String], skip: &[String]) -> Result<Self, UnknownCheck> {
        let known = |id: &str| Cause::from_word(id).is_some() || checks::all().any(|check| check.id == id);
        if let Some(unknown) = only.iter().chain(skip).find(|id| !known(id)) {
            return Err(UnknownCheck(unknown.clone()));
        }
        let only = (!only.is_empty()).then(|| only.to_vec());
        Ok(Self { only, skip: skip.to_vec(), added: &[] })
    }

    /// With more checks behind those of the table.
    #[must_use]
    pub fn with(self, added: &'static [Check]) -> Self {
        Self { added, ..self }
    }

    /// Every check, asked or not, in the order of the screen.
    pub fn checks(&self) -> impl Iterator<Item = &'static Check> {
        checks::all().chain(self.added)
    }

    /// Whether a check is asked.
    pub fn asks(&self, check: &Check) -> bool {
        let named = |ids: &[String]| ids.iter().any(|id| id == check.id || id == check.cause.word());
        self.only.as_deref().is_none_or(named) && !named(&self.skip)
    }

    /// Whether any check of a cause is left out.
    pub fn leaves_out(&self, cause: Cause) -> bool {
        self.checks().any(|check| check.cause == cause && !self.asks(check))
    }

    /// Whether nothing is left out.
    pub fn is_whole(&self) -> bool {
        self.checks().all(|check| self.asks(check))
    }
}
