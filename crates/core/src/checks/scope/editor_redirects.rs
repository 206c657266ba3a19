//! A folder's editor settings that send the person's credential to an address of their own: whoever opens the folder
//! in that editor would sign in there.

use super::project_redirects::own_credential;
use super::{Check, Found, HELP, Outcome};
use crate::claude_code::variables::{self, Purpose};
use crate::editors::{EditorVariable, Target};
use crate::judge::Facts;
use crate::report::{Cause, Status};
use crate::url::{self, Base};

pub(super) const CHECK: Check = Check { id: "C4.editor_redirects", cause: Cause::Scope, judge };

fn judge(facts: &Facts<'_>) -> Outcome {
    let of_folder = facts.snapshot.editors.iter().filter(|settings| settings.is_of_the_folder());
    let is_address = |variable: &&EditorVariable| {
        let endpoint = variables::find(&variable.name).is_some_and(|fact| fact.purpose == Purpose::Endpoint);
        endpoint && variable.name.ends_with("_BASE_URL")
    };
    let all: Vec<_> = of_folder.flat_map(|settings| &settings.variables).collect();
    let addresses: Vec<_> = all.iter().copied().filter(is_address).collect();
    if addresses.is_empty() {
        return Outcome::Skipped("skip-no-editor-address");
    }
    let Some((kind, name, place)) = own_credential(facts) else { return Outcome::Pass };
    let found = addresses.into_iter().filter_map(|variable| {
        let base = url::base(variable.value.as_ref()?.plain()).ok()?;
        // With a key of its own nothing of the person's goes out.
        let own_key = |other: &&&EditorVariable| {
            other.target == variable.target
                && other.name == name
                && other.value.as_ref().is_some_and(|key| !key.is_blank())
        };
        if !leads_elsewhere(facts, &base) || all.iter().any(|other| own_key(&other)) {
            return None;
        }
        let status = if base.loopback { Status::Note } else { Status::Warn };
        let where_to = if variable.target == Target::Terminal { "terminal" } else { "extension" };
        let one = Found::new("AL-4-19", status, format!("{name} would be sent to {} ({where_to})", base.origin))
            .with("name", name.as_str())
            .with("kind", kind.word())
            .with("origin", base.origin.as_str())
            .with("target", where_to)
            .with("path", variable.source.path.clone().unwrap_or_default());
        Some(one.at(&variable.source).at(&place).help(HELP))
    });
    Outcome::of(found.collect())
}

/// Whether it is neither Anthropic's own address nor the one that is asked already.
fn leads_elsewhere(facts: &Facts<'_>, base: &Base) -> bool {
    let asked = facts.resolution.base.as_ref().is_ok_and(|own| own.origin == base.origin);
    base.origin != url::DEFAULT_BASE && !asked
}
