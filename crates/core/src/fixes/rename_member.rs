//! A name that Claude Code passes over without a word becomes the one that was meant (observed: `folk-settings-*`,
//! `url-var-*`, `key-*`).

use super::place::{self, Held, counted, first, held, the_member};
use super::{Edit, Fix, Repair, Risk, Target};
use crate::claude_code::variables::{self, Fact, FromSettings, Purpose};
use crate::claude_code::{near_misses, settings_fields};
use crate::json::edit::Change;
use crate::json::{Kind, Value};
use crate::judge::Facts;
use crate::report::Source;
use crate::secret::{Secret, SecretKind};

/// AL-4-05 and AL-4-06 are no settings, AL-4-07 is a variable beside `env`, AL-4-08 no variable.
pub(super) const FIX: Fix = Fix {
    id: "F.right_name",
    risk: Risk::Safe,
    mends: &["AL-4-05", "AL-4-06", "AL-4-07", "AL-4-08"],
    repair: right_name,
};

/// What has no effect under its name, and would have none under the right one, or is there already, goes.
pub(super) const SET_ASIDE: Fix = Fix {
    id: "F.remove_without_effect",
    risk: Risk::Safe,
    mends: &["AL-4-05", "AL-4-06", "AL-4-07", "AL-4-08"],
    repair: |facts, target| {
        let held = held(facts, first(target)?)?;
        let path = wrong(target, &held)?;
        Some(Repair::of([Edit::json(held.path(), Change::Remove { path })]))
    },
};

/// A credential goes into the variable that it is made for: AL-1-09 and AL-1-27 are tokens of a login, AL-1-11 an API key.
pub(super) const RIGHT_VARIABLE: Fix =
    Fix { id: "F.right_variable", risk: Risk::Safe, mends: &["AL-1-09", "AL-1-11", "AL-1-27"], repair: right_variable };

/// The member that has the wrong name.
fn wrong(target: &Target<'_>, held: &Held<'_>) -> Option<Vec<String>> {
    let name = first(target)?.name.clone()?;
    let path = if target.code == "AL-4-08" { vec!["env".to_owned(), name] } else { vec![name] };
    value_at(held, &path).map(|_| path)
}

fn value_at<'h>(held: &'h Held<'_>, path: &[String]) -> Option<Value<'h>> {
    path.iter().try_fold(held.root()?, |value, name| value.get(name))
}

fn right_name(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let source = first(target)?;
    let platform = facts.snapshot.examined.platform;
    let held = held(facts, source)?;
    let path = wrong(target, &held)?;
    let name = path.last()?;
    let value = value_at(&held, &path)?;
    let meant = match target.code {
        "AL-4-05" | "AL-4-06" => near_misses::meant_setting(name)?.0,
        "AL-4-07" => variables::find(name)?.name,
        _ => near_misses::meant_in_env_block(platform, name)?,
    };
    let to = match variables::find(meant) {
        Some(fact) => {
            if !may_be_set(facts, fact, source, value) {
                return None;
            }
            vec!["env".to_owned(), meant.to_owned()]
        }
        None => {
            if !settings_fields::is_known_key(meant) || !fits(meant, value) {
                return None;
            }
            vec![meant.to_owned()]
        }
    };
    let above = &to[..to.len() - 1];
    let in_an_object = above.is_empty() || value_at(&held, above).is_none_or(|block| block.kind() == Kind::Object);
    if !in_an_object || value_at(&held, &to).is_some() {
        return None;
    }
    let change =
        if path.len() == to.len() { Change::Rename { path, to: meant.to_owned() } } else { Change::Move { path, to } };
    Some(Repair::of([Edit::json(held.path(), change)]))
}

/// Whether a value can stand under a setting without harm.
fn fits(setting: &str, value: Value<'_>) -> bool {
    match setting {
        "env" => {
            let texts = |member: crate::json::Member<'_>| matches!(member.value.kind(), Kind::String);
            value.kind() == Kind::Object && value.members().all(texts)
        }
        _ => value.kind() == Kind::String,
    }
}

/// Whether a variable may be set there, to what stands there now: the folder's files may not set all, are not helped to
/// lead somebody's key elsewhere, and a value that is none is none under any name.
fn may_be_set(facts: &Facts<'_>, fact: &Fact, source: &Source, value: Value<'_>) -> bool {
    let from_folder = place::is_of_folder(source);
    let barred =
        from_folder && (fact.from_settings == FromSettings::NotFromProject || fact.purpose == Purpose::Endpoint);
    if barred
        || matches!(value.kind(), Kind::Object | Kind::Array | Kind::Null)
        || !counted(facts, fact.name).is_empty()
    {
        return false;
    }
    let text = Secret::new(value.javascript_text());
    if fact.purpose == Purpose::Credential && fact.secret {
        let whole = !text.is_placeholder() && !text.is_quoted() && !text.has_bearer_prefix() && !text.has_inner_space();
        return whole && text.bad_character().is_none() && !text.is_blank() && suits(fact.name, text.kind());
    }
    !text.is_blank()
}

/// Whether a credential of that kind belongs in the variable.
fn suits(name: &str, kind: SecretKind) -> bool {
    match name {
        "ANTHROPIC_API_KEY" => matches!(kind, SecretKind::ApiKey | SecretKind::Other),
        "ANTHROPIC_AUTH_TOKEN" => kind == SecretKind::Other,
        "CLAUDE_CODE_OAUTH_TOKEN" => kind == SecretKind::OauthAccessToken,
        _ => true,
    }
}

fn right_variable(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let source = first(target)?;
    let to = match place::occurrence(facts, source)?.value.kind() {
        SecretKind::OauthAccessToken => "CLAUDE_CODE_OAUTH_TOKEN",
        SecretKind::ApiKey => "ANTHROPIC_API_KEY",
        _ => return None,
    };
    let fact = variables::find(to)?;
    let barred = place::is_of_folder(source) && fact.from_settings == FromSettings::NotFromProject;
    if barred || !counted(facts, to).is_empty() {
        return None;
    }
    let held = held(facts, source)?;
    let path = the_member(facts, &held, source)?;
    Some(Repair::of([Edit::json(held.path(), Change::Rename { path, to: to.to_owned() })]))
}
