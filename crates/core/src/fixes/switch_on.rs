//! AL-5-02: a provider's switch gets the value that switches it on (observed: `cloud-*-switch-*`).

use super::place::{first, put};
use super::{Fix, Repair, Risk};
use crate::providers::CLOUDS;
use crate::secret::Secret;

pub(super) const FIX: Fix = Fix {
    id: "F.switch_on",
    risk: Risk::Careful,
    mends: &["AL-5-02"],
    repair: |facts, target| {
        let environment = &facts.resolution.environment;
        let none_is_on = CLOUDS.iter().all(|cloud| !environment.is_on(cloud.switch));
        let edit = put(facts, first(target)?, Secret::new("1"))?;
        none_is_on.then(|| Repair::of([edit]))
    },
};
