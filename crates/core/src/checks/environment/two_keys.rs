//! Two different keys under one name: one here, another in what a new terminal reads; or two in the profiles.

use super::{Check, Found, Outcome};
use crate::claude_code::variables::{self, Purpose};
use crate::judge::Facts;
use crate::report::{Cause, SourceKind, Status};
use crate::shell::{Act, Exported, Place, Reach, Role};
use crate::snapshot::Variable;

pub(super) const CHECK: Check = Check { id: "C1.two_keys", cause: Cause::Environment, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let profiles = &facts.snapshot.shell;
    if !profiles.looked {
        return Outcome::Skipped("skip-no-profiles");
    }
    let secrets = variables::FACTS.iter().filter(|fact| fact.purpose == Purpose::Credential && fact.secret);
    let mut found = Vec::new();
    for name in secrets.map(|fact| fact.name) {
        let counts = |place: &&Place| {
            place.act == Act::Set
                && place.reach == Reach::Always
                && place.exported == Exported::Yes
                && place.role == Role::Terminal
                && place.value.as_ref().is_some_and(|value| !value.is_blank())
        };
        let places: Vec<&Place> = profiles.of(name).filter(counts).collect();
        let Some(last) = places.iter().rfind(|place| !place.overwritten) else { continue };
        let here = Variable::find(&facts.snapshot.examined.variables, name);
        let here = here.filter(|here| here.source.kind == SourceKind::ProcessEnv && !here.value.is_blank());
        let differs = |place: &Place, other: &crate::secret::Secret| {
            place.value.as_ref().is_some_and(|value| !value.same_as(other))
        };
        if let Some(here) = here.filter(|here| differs(last, &here.value)) {
            let one = Found::new("AL-1-24", Status::Warn, format!("{name}: a new terminal has another value"));
            found.push(
                one.with("name", name)
                    .with("path", last.source.path.clone().unwrap_or_default())
                    .at(&here.source)
                    .at(&last.source),
            );
        } else if let Some(value) = &last.value
            && let Some(other) = places.iter().find(|place| differs(place, value))
        {
            let one = Found::new("AL-1-25", Status::Note, format!("{name}: the profiles hold two values"));
            found.push(one.with("name", name).at(&last.source).at(&other.source));
        }
    }
    Outcome::of(found)
}
