//! Managed settings: each field is judged alone, and some are read as their strictest value.

use crate::json::{Kind, Member, Value};

use super::hooks::{Guard, judge_hooks};
use super::mcp_servers::is_server;
use super::shape::{Path, Site};
use super::table::{Field, Items, Key, Managed, Shape};
use super::{Effect, Faults, judge_marketplaces};

const IGNORED: &str = "Failed schema validation. This field was ignored";
const ENTRY_IGNORED: &str = "Invalid entry was ignored";

pub(super) fn judge(key: &Key, member: Member<'_>, faults: &mut Faults) {
    let (value, site) = (member.value, Site::Member(member));
    let path = Path::ROOT.name(key.name);
    let shape = key.managed_shape.unwrap_or(&key.shape);
    if key.managed_nullable && value.is_null() {
        return;
    }
    match &key.managed {
        Managed::Silent => {}
        Managed::Same => match key.shape {
            Shape::Hooks => judge_hooks(member, Guard::SkippedAlone, faults),
            _ => judge_marketplaces(member, Effect::SkippedAlone, faults),
        },
        Managed::Field => {
            if !shape.fits(value) {
                faults.add(Effect::SkippedAlone, &path, site, || IGNORED.to_owned());
            }
        }
        Managed::OwnWords => {
            if !shape.fits(value) {
                let received = value.kind().word();
                faults.add(Effect::SkippedAlone, &path, site, || {
                    format!("Invalid input: expected object, received {received}. This field was ignored")
                });
            }
        }
        Managed::Lock(notice) => {
            if !shape.fits(value) {
                faults.add(Effect::StrictestLocks, &path, site, || (*notice).to_owned());
            }
        }
        Managed::Parts if value.is_null() => faults.add(Effect::SkippedAlone, &path, site, || {
            format!("\"{}\" was null, which is read as key removal", key.name)
        }),
        Managed::Parts => judge_parts(&key.shape, member, &path, faults),
        Managed::Allowlist(items) => {
            let every_entry_wrong = judge_items(key, items, value, &path, faults);
            if every_entry_wrong.unwrap_or(true) {
                faults.add(Effect::StrictestLocks, &path, site, || match every_entry_wrong {
                    None => format!("\"{}\" was present but invalid; enforcing an empty allowlist", key.name),
                    Some(_) => format!("Every entry of \"{}\" was invalid; enforcing an empty allowlist", key.name),
                });
            }
        }
        Managed::Blocklist(items) => {
            let every_entry_wrong = judge_items(key, items, value, &path, faults);
            if every_entry_wrong.unwrap_or(true) {
                faults.add(Effect::SkippedAlone, &path, site, || match every_entry_wrong {
                    None => format!("\"{}\" was present but", key.name),
                    Some(_) => format!("Every entry of \"{}\" was invalid", key.name),
                });
            }
        }
        Managed::Plugins => judge_plugins(key, member, &path, faults),
        Managed::Organisation => {
            let filled = |value: Value<'_>| value.as_str().is_some_and(|text| !text.is_empty());
            if !shape.fits(value) || !(filled(value) || value.items().any(filled)) {
                faults.add(Effect::RefusesEveryKey, &path, site, || {
                    "This machine's managed settings require a first-party login".to_owned()
                });
            }
        }
        Managed::Providers(known) => {
            let allowed = |item: Value<'_>| item.as_str().is_some_and(|name| known.contains(&&*name));
            if !value.items().any(allowed) {
                faults.add(Effect::NoProvider, &path, site, || {
                    "Your organization's managed settings allow Claude Code to use no API provider at all".to_owned()
                });
            }
        }
    }
}

/// The wrong items of a list, and whether there was none right among them. `None`: no list.
fn judge_items(key: &Key, items: &Items, list: Value<'_>, path: &Path<'_>, faults: &mut Faults) -> Option<bool> {
    if list.kind() != Kind::Array {
        return None;
    }
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for (index, item) in list.items().enumerate() {
        let fits = match (items, &key.shape) {
            (Items::McpServers, _) => is_server(item, key.name == "allowedMcpServers"),
            (Items::Models, _) => item.kind() == Kind::String,
            (Items::Own { .. }, Shape::List(shape)) => shape.fits(item),
            (Items::Own { .. }, _) => true,
        };
        if fits {
            right += 1;
            continue;
        }
        wrong += 1;
        let site = Site::Value(item);
        match items {
            Items::Models => faults
                .add(Effect::SkippedAlone, path, site, || format!("\"{}\" contained a non-string entry", key.name)),
            Items::McpServers => faults.add(Effect::SkippedAlone, &path.some_item(), site, || ENTRY_IGNORED.to_owned()),
            Items::Own { .. } => {
                faults.add(Effect::SkippedAlone, &path.bracket(index), site, || ENTRY_IGNORED.to_owned())
            }
        }
    }
    Some(wrong > 0 && right == 0 && matches!(items, Items::Own { told_in_all: true }))
}

fn judge_plugins(key: &Key, member: Member<'_>, path: &Path<'_>, faults: &mut Faults) {
    let Shape::Record(shape) = key.shape else { return };
    if member.value.kind() != Kind::Object {
        return faults.add(Effect::SkippedAlone, path, Site::Member(member), || {
            format!("\"{}\" was present but invalid", key.name)
        });
    }
    let plugins = member.value.effective_members();
    let wrong: Vec<_> = plugins.iter().filter(|plugin| !shape.fits(plugin.value)).collect();
    for plugin in &wrong {
        let name = plugin.name();
        let shown = if name.contains('@') { &*name } else { "<invalid id>" };
        faults.add(Effect::SkippedAlone, &path.name(shown), Site::Member(**plugin), || ENTRY_IGNORED.to_owned());
    }
    if !wrong.is_empty() && wrong.len() == plugins.len() {
        faults.add(Effect::SkippedAlone, path, Site::Member(member), || {
            format!("Every entry of \"{}\" was invalid", key.name)
        });
    }
}

fn judge_parts(shape: &Shape, member: Member<'_>, path: &Path<'_>, faults: &mut Faults) {
    let fields = match shape {
        Shape::Object(fields) => fields,
        Shape::BooleanOrObject(_) if member.value.kind() == Kind::Boolean => return,
        Shape::BooleanOrObject(fields) => fields,
        _ => return,
    };
    if member.value.kind() != Kind::Object {
        let name = member.name();
        return faults.add(Effect::StrictestLocks, path, Site::Member(member), || {
            format!("\"{name}\" was present but not an object; treating its locks as their restrictive values")
        });
    }
    let members = member.value.effective_members();
    for field in *fields {
        let found = members.iter().find(|member| member.name() == field.name);
        if let Some(member) = found.filter(|member| !member.value.is_null()) {
            judge_part(field, *member, &path.name(field.name), faults);
        }
    }
}

fn judge_part(field: &Field, member: Member<'_>, path: &Path<'_>, faults: &mut Faults) {
    let (value, site) = (member.value, Site::Member(member));
    if field.parts {
        return judge_parts(&field.shape, member, path, faults);
    }
    let shape = field.managed_shape.unwrap_or(&field.shape);
    if shape.fits(value) {
        // Rules fit as long as they are a list; the faulty ones among them are named here.
        return shape.check(Some(value), site, path, &mut faults.report(Effect::SkippedAlone));
    }
    let effect = if field.locks { Effect::StrictestLocks } else { Effect::SkippedAlone };
    faults.add(effect, path, site, || match field.managed_notice {
        Some(notice) => notice.to_owned(),
        None => format!("\"{}\" was present but invalid", field.name),
    });
}
