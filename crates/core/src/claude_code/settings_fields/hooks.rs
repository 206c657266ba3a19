//! `hooks`: what cannot be loaded is set aside, except where it may guard a permission.

use crate::json::{Kind, Member, Value};

use super::shape::{Path, Site};
use super::table::{GUARDING_HOOK_EVENTS, HOOK_EVENTS, SHAPE_HOOK};
use super::{Effect, Faults};

/// What a hook does that guards a permission and cannot be loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    DropsFile,
    SkippedAlone,
}

pub(super) fn judge_hooks(member: Member<'_>, guard: Guard, faults: &mut Faults) {
    let path = Path::ROOT.name("hooks");
    let hooks = member.value;
    let unloadable =
        |guards: bool| if guards && guard == Guard::DropsFile { Effect::DropsFile } else { Effect::SkippedAlone };
    if hooks.kind() != Kind::Object {
        // A list of objects may hold guarding hooks in the wrong form; Claude Code does not look which.
        let effect = unloadable(hooks.items().any(|item| item.kind() == Kind::Object));
        let received = hooks.kind().word();
        faults.add(effect, &path, Site::Member(member), || {
            format!("\"hooks\" must be an object mapping event names to matcher arrays; received {received}")
        });
        return;
    }
    for event in hooks.effective_members() {
        let name = event.name();
        let path = path.name(&name);
        if !HOOK_EVENTS.contains(&&*name) {
            faults.add(Effect::SkippedAlone, &path, Site::Member(event), || {
                format!("Unknown hook event \"{name}\" was ignored")
            });
            continue;
        }
        let effect = unloadable(GUARDING_HOOK_EVENTS.contains(&&*name));
        if event.value.kind() != Kind::Array {
            let effect = if event.value.is_null() { Effect::SkippedAlone } else { effect };
            let received = event.value.kind().word();
            faults.add(effect, &path, Site::Member(event), || {
                format!("Hook event \"{name}\" must be an array of matchers; received {received}")
            });
            continue;
        }
        for (index, matcher) in event.value.items().enumerate() {
            judge_matcher(matcher, &path.index(index), effect, faults);
        }
    }
}

fn judge_matcher(matcher: Value<'_>, path: &Path<'_>, effect: Effect, faults: &mut Faults) {
    let site = Site::Value(matcher);
    if matcher.kind() != Kind::Object {
        return faults.add(effect, path, site, || "Hook matcher must be an object; received".to_owned());
    }
    let hooks = matcher.member("hooks");
    let Some(hooks) = hooks.filter(|hooks| hooks.value.kind() == Kind::Array) else {
        return faults.add(effect, path, hooks.map_or(site, Site::Member), || {
            "Hook matcher \"hooks\" must be an array of hook entries; received".to_owned()
        });
    };
    if let Some(pattern) = matcher.member("matcher").filter(|pattern| pattern.value.kind() != Kind::String) {
        faults.add(effect, path, Site::Member(pattern), || "Invalid hook matcher (matcher: ".to_owned());
    }
    let path = path.name("hooks");
    for (index, hook) in hooks.value.items().enumerate() {
        judge_hook(hook, &path.index(index), effect, faults);
    }
}

fn judge_hook(hook: Value<'_>, path: &Path<'_>, effect: Effect, faults: &mut Faults) {
    let site = Site::Value(hook);
    if hook.kind() != Kind::Object {
        return faults.add(effect, path, site, || "Hook entry must be an object; received".to_owned());
    }
    let Some(kind) = hook.member("type") else {
        return faults.add(effect, &path.name("type"), site, || "Hook entry has no \"type\"".to_owned());
    };
    let at = path.name("type");
    match kind.value.as_str() {
        None => faults.add(effect, &at, Site::Member(kind), || "Hook entry \"type\" must be a string".to_owned()),
        Some(name) if !SHAPE_HOOK.has_kind(&name) => {
            faults.add(effect, &at, Site::Member(kind), || "Unknown hook type".to_owned());
        }
        Some(name) if !SHAPE_HOOK.fits(hook) => {
            faults.add(effect, path, site, || format!("Invalid {name} hook ("));
        }
        Some(_) => {}
    }
}
