//! What a newly opened terminal has, as far as its files tell.

use crate::claude_code::variables;
use crate::contexts::Unsure;
use crate::shell::{Act, Exported, Place, Profiles, Reach, Role};
use crate::snapshot::Variable;

/// An environment that was read and not run.
#[derive(Clone, Debug, Default)]
pub struct StaticEnvironment {
    /// What is surely there.
    pub variables: Vec<Variable>,
    /// What could not be followed.
    pub unsure: Vec<Unsure>,
}

/// What a newly opened terminal has that begins with `base`.
pub fn variables_of_new_terminal(profiles: &Profiles, base: &[Variable]) -> StaticEnvironment {
    let mut told = StaticEnvironment { variables: base.to_vec(), unsure: Vec::new() };
    for place in profiles.places.iter().filter(|place| place.role == Role::Terminal) {
        if variables::find(&place.name).is_none() || place.overwritten {
            continue;
        }
        let reached = match place.reach {
            Reach::Always => true,
            Reach::Perhaps => false,
            Reach::Not | Reach::NotCalled | Reach::AfterEnd(_) => continue,
        };
        told.unsure.retain(|unsure| !reached || unsure.name != place.name);
        match (place.act, place.exported, &place.value) {
            (Act::Unset, ..) if reached => told.forget(place),
            (Act::Set, Exported::No, _) if reached => {}
            (Act::Set, Exported::Yes, Some(value)) if reached => {
                told.forget(place);
                let (name, value, source) = (place.name.clone(), value.clone(), place.source.clone());
                told.variables.push(Variable { name, value, source });
            }
            _ => {
                told.forget(place);
                told.unsure.push(Unsure { name: place.name.clone(), source: place.source.clone() });
            }
        }
    }
    told
}

impl StaticEnvironment {
    fn forget(&mut self, place: &Place) {
        self.variables.retain(|variable| variable.name != place.name);
        self.unsure.retain(|unsure| unsure.name != place.name);
    }
}
