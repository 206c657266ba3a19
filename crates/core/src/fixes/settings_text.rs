//! Files that Claude Code reads as JSON and that are none, or hold a field that it drops them for.

use super::place::{settings_file, user_settings};
use super::{Edit, FileChange, Fix, Repair, Risk, Target};
use crate::claude_code::settings_fields::{self, Effect, Place};
use crate::json::edit::{Change, Dialect, edit};
use crate::json::{Fault, Json, Position, Value, offset, position};
use crate::judge::Facts;
use crate::reading::{Content, Document, Encoding};
use crate::report::{Scope, SourceKind};

/// AL-0-01: commas before closing brackets go (observed: `set-trailing-comma`).
pub(super) const COMMAS: Fix = Fix {
    id: "F.take_out_commas",
    risk: Risk::Safe,
    mends: &["AL-0-01"],
    repair: |facts, target| strict(facts, target, Fault::TrailingComma),
};

/// AL-0-01: comments go, which Claude Code does not take (observed: `set-comments`).
pub(super) const COMMENTS: Fix = Fix {
    id: "F.take_out_comments",
    risk: Risk::Careful,
    mends: &["AL-0-01"],
    repair: |facts, target| strict(facts, target, Fault::Comment),
};

/// AL-0-01: the state file is stored in an encoding that Claude Code does not take there (observed: `cfg-state-utf16`).
pub(super) const ENCODING: Fix = Fix {
    id: "F.plain_utf8",
    risk: Risk::Safe,
    mends: &["AL-0-01"],
    repair: |facts, target| {
        let document = malformed(facts, target)?;
        let Some(Content::Malformed(_, Encoding::Utf16Le | Encoding::Utf16Be)) = document.content.found() else {
            return None;
        };
        let change = FileChange::PlainUtf8;
        let edits = vec![Edit::File { path: document.path.clone(), change }];
        is_state(target).then(|| Repair { edits, brings: seen_again(target), ..Repair::default() })
    },
};

/// AL-0-01: a state file that cannot be read stops Claude Code (observed: `set-claudejson-truncated`); without one it makes
/// a new one.
pub(super) const STATE_ASIDE: Fix = Fix {
    id: "F.set_state_aside",
    risk: Risk::Careful,
    mends: &["AL-0-01"],
    repair: |facts, target| {
        let path = malformed(facts, target).filter(|_| is_state(target))?.path.clone();
        Some(Repair { edits: vec![Edit::SetAside { path }], brings: &["AL-2-01"], ..Repair::default() })
    },
};

/// AL-0-03: the field goes for which Claude Code drops the whole file (observed: `sf-*`).
pub(super) const FIELD: Fix = Fix {
    id: "F.take_out_field",
    risk: Risk::Safe,
    mends: &["AL-0-03"],
    repair: |facts, target| without_faults(facts, target, Effect::DropsFile),
};

/// AL-0-04: the entries go that Claude Code leaves out (observed: `sf-*`).
pub(super) const ENTRIES: Fix = Fix {
    id: "F.take_out_entries",
    risk: Risk::Safe,
    mends: &["AL-0-04"],
    repair: |facts, target| without_faults(facts, target, Effect::SkippedAlone),
};

fn is_state(target: &Target<'_>) -> bool {
    target.place().is_some_and(|source| source.kind == SourceKind::AppState)
}

fn malformed<'a>(facts: &'a Facts<'_>, target: &Target<'_>) -> Option<&'a Document> {
    let source = target.place()?;
    let document = if is_state(target) { &facts.snapshot.state } else { &settings_file(facts, source)?.document };
    matches!(document.content.found(), Some(Content::Malformed(..))).then_some(document)
}

fn strict(facts: &Facts<'_>, target: &Target<'_>, fault: Fault) -> Option<Repair> {
    let document = malformed(facts, target)?;
    let Some(Content::Malformed(error, _)) = document.content.found() else { return None };
    let change = Change::MakeStrict { comments: fault == Fault::Comment };
    let edits = vec![Edit::json(document.path.as_str(), change)];
    (error.what == fault).then(|| Repair { edits, brings: seen_again(target), ..Repair::default() })
}

/// What can be told again once the state file can be read, and was so before: that nobody is signed in.
fn seen_again(target: &Target<'_>) -> &'static [&'static str] {
    if is_state(target) { &["AL-2-01"] } else { &[] }
}

/// A larger file is not tried out.
const LARGEST: usize = 256 * 1024;

/// So many entries are taken out; a file with more has another trouble.
const MOST: usize = 20;

/// The file without what has this effect.
fn without_faults(facts: &Facts<'_>, target: &Target<'_>, effect: Effect) -> Option<Repair> {
    let file = settings_file(facts, target.place()?)?;
    let place = match file.scope {
        Scope::User => Place::User,
        Scope::Project => Place::Project,
        Scope::Local => Place::Local,
        Scope::CommandLine => Place::CommandLine,
        Scope::Managed => return None,
    };
    let changes = mended(file.document.json()?, place, effect)?;
    let change = FileChange::Json { dialect: Dialect::Strict, changes };
    Some(Repair::of([Edit::File { path: file.document.path.clone(), change }]))
}

/// For each fault the smallest thing goes without which there is one less.
fn mended(json: &Json, place: Place, effect: Effect) -> Option<Vec<Change>> {
    if json.bytes().len() > LARGEST {
        return None;
    }
    let count = |json: &Json, effect| {
        settings_fields::examine(json.root(), place).iter().filter(|fault| fault.effect == effect).count()
    };
    let dropped_before = count(json, Effect::DropsFile);
    let mut json = json.clone();
    let mut changes = Vec::new();
    loop {
        let faults = settings_fields::examine(json.root(), place);
        let Some(fault) = faults.iter().find(|fault| fault.effect == effect) else { break };
        let before = faults.iter().filter(|fault| fault.effect == effect).count();
        let smaller = around(&json, fault.at).into_iter().find_map(|at| {
            let change = Change::RemoveAt { at, outwards: 0 };
            let after = edit(json.bytes(), Dialect::Strict, std::slice::from_ref(&change)).ok()?;
            let after = Json::parse(after.to_vec()).ok()?;
            let better = count(&after, effect) < before && count(&after, Effect::DropsFile) <= dropped_before;
            better.then_some((change, after))
        });
        let (change, after) = smaller.filter(|_| changes.len() < MOST)?;
        changes.push(change);
        json = after;
    }
    (!changes.is_empty()).then_some(changes)
}

/// Where each thing begins that holds a place, the innermost first.
fn around(json: &Json, at: Position) -> Vec<Position> {
    let text = json.bytes();
    let Some(byte) = offset(text, at) else { return Vec::new() };
    let mut starts = Vec::new();
    let mut inside: Option<Value<'_>> = Some(json.root());
    while let Some(value) = inside.take() {
        let members = value.members().map(|member| (member.span(), member.value));
        let items = value.items().map(|item| (item.span(), item));
        if let Some((span, child)) = members.chain(items).find(|(span, _)| span.contains(&byte)) {
            starts.push(position(text, span.start));
            inside = Some(child);
        }
    }
    starts.reverse();
    starts
}

/// AL-4-11: a variable in the state file, where few look, moves to the person's settings, which go before it.
pub(super) const MOVE_FROM_STATE: Fix =
    Fix { id: "F.move_from_state", risk: Risk::Safe, mends: &["AL-4-11"], repair: move_from_state };

fn move_from_state(facts: &Facts<'_>, target: &Target<'_>) -> Option<Repair> {
    use super::place::{held, occurrence, the_member};
    use crate::json::Kind;
    use crate::json::edit::NewValue;
    let source = target.place()?;
    let value = occurrence(facts, source)?.value.clone();
    let user = user_settings(facts)?;
    if value.holds_login_token() || user.is_dropped() || facts.snapshot.leaves_out(Scope::User) {
        return None;
    }
    let block = user.document.json().and_then(|json| json.root().get("env"));
    let is_object = user.document.json().is_none_or(|json| json.root().kind() == Kind::Object);
    if !is_object || block.is_some_and(|block| block.kind() != Kind::Object) {
        return None;
    }
    let held = held(facts, source)?;
    let from = the_member(facts, &held, source)?;
    let to = vec!["env".to_owned(), source.name.clone()?];
    let put = Change::Set { path: to, value: NewValue::Text(value) };
    Some(Repair::of([
        Edit::json(user.document.path.as_str(), put),
        Edit::json(held.path(), Change::Remove { path: from }),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(before: &str, effect: Effect) -> Option<String> {
        let changes = mended(&Json::parse(before).unwrap(), Place::User, effect)?;
        let after = edit(before.as_bytes(), Dialect::Strict, &changes).unwrap();
        Some(String::from_utf8(after.to_vec()).unwrap())
    }

    #[test]
    fn the_smallest_thing_goes_that_drops_a_file() {
        let drops = |before: &str| text_of(before, Effect::DropsFile);
        assert_eq!(drops("{\"env\": {\"A\": \"b\"}, \"model\": 5}").as_deref(), Some("{\"env\": {\"A\": \"b\"}}"),);
        assert_eq!(drops("{\"model\": \"x\"}"), None, "nothing is wrong");
        assert_eq!(drops("[1]"), None, "the whole of it is wrong");
    }
}
