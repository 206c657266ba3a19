//! A host is named in `NO_PROXY` as Claude Code reads it (observed: `net-noproxy-*`: exactly, it always counts).

use super::place::{first, held, occurrence, put, user_settings};
use super::{Edit, Fix, Repair, Risk, Target};
use crate::json::Kind;
use crate::json::edit::{Change, NewValue};
use crate::judge::Facts;
use crate::report::Scope;
use crate::secret::Secret;

/// AL-5-24 is a form that does not stand for the host, at AL-5-25 this machine is asked through the proxy.
pub(super) const FIX: Fix = Fix { id: "F.except_host", risk: Risk::Safe, mends: &["AL-5-24", "AL-5-25"], repair };

/// What this machine is called.
const HERE: &str = "localhost,127.0.0.1,::1";

fn repair(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    let host = facts.resolution.base.as_ref().ok()?.host.trim_start_matches('[').trim_end_matches(']');
    let with = |list: &str, more: &str| Secret::new(format!("{},{more}", list.trim_end_matches([',', ' '])));
    if target.code == "AL-5-24" {
        let source = first(target)?;
        let list = occurrence(facts, source)?.value.plain();
        return Some(Repair::of([put(facts, source, with(list, host))?]));
    }
    let environment = &facts.resolution.environment;
    let lists = ["no_proxy", "NO_PROXY"].into_iter().filter_map(|name| environment.winner(name));
    let mut lists = lists.filter(|place| !place.value.is_empty());
    if let Some(place) = lists.next() {
        held(facts, &place.source)?;
        return Some(Repair::of([put(facts, &place.source, with(place.value.plain(), host))?]));
    }
    let user = user_settings(facts)?;
    let can_be_added = match user.document.json() {
        Some(json) => {
            let root = json.root();
            root.kind() == Kind::Object && root.get("env").is_none_or(|block| block.kind() == Kind::Object)
        }
        None => user.document.content.is_absent(),
    };
    if !can_be_added || user.is_dropped() || facts.snapshot.leaves_out(Scope::User) {
        return None;
    }
    let list = if HERE.split(',').any(|name| name == host) { Secret::new(HERE) } else { with(HERE, host) };
    let path = vec!["env".to_owned(), "NO_PROXY".to_owned()];
    let change = Change::Set { path, value: NewValue::Text(list) };
    Some(Repair::of([Edit::json(user.document.path.as_str(), change)]))
}
