//! Which wrong value in a settings file makes Claude Code set the file, or a part of it, aside.
//!
//! The shapes are data (`assets/facts/settings_fields.toml`); what is said here is how they are applied. Unknown keys,
//! and unknown names inside an object, are taken without a word.

mod hooks;
mod managed;
mod mcp_servers;
mod permission_rule;
mod shape;
mod table;

use crate::json::{Kind, Member, Position, Value};

use shape::{Path, Site};
use table::{KEYS, Key, Shape, Wrong};

pub use table::{FILE_LIMIT_BYTES, PROVENANCE, Provenance};

/// Where a settings document comes from, as far as its fields are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `~/.claude/settings.json`
    User,
    /// `.claude/settings.json`
    Project,
    /// `.claude/settings.local.json`
    Local,
    /// `--settings`
    CommandLine,
    /// `managed-settings.json`, or a file of `managed-settings.d`. Its fields are judged one by one: it is never
    /// dropped.
    Managed,
}

/// What Claude Code does because of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing in the file counts, its `env` block included. Other files stay in effect.
    DropsFile,
    /// The key or the entry is set aside; the rest of the file is in effect.
    SkippedAlone,
    /// A managed lock, or list of what is allowed, is read as its strictest value.
    StrictestLocks,
    /// A managed `allowedProviders` that allows none: Claude Code does not start.
    NoProvider,
    /// A managed `forceLoginOrgUUID` that no account fits: every key is refused, and Claude Code does not start.
    RefusesEveryKey,
    /// A managed document that is no object: Claude Code does not start.
    StopsStart,
}

/// One fault in a settings document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The field as Claude Code prints it, `permissions.allow`. Empty for the document itself.
    pub path: String,
    /// What it does.
    pub effect: Effect,
    /// Claude Code's own words, their stable first part. Never a value from the file.
    pub message: String,
    /// Where the member's name is; for an item of a list, the item; for what is missing, the object that lacks it.
    pub at: Position,
}

/// So many faults of one effect are named; a file with more of them needs no longer list.
const NAMED_AT_MOST: usize = 200;

/// Looks at every field of a settings document. The faults are in the order in which Claude Code names them, at most
/// two hundred for each effect.
pub fn examine(root: Value<'_>, place: Place) -> Vec<FieldFault> {
    let mut faults = Faults::default();
    if root.kind() != Kind::Object {
        let (effect, message) = match (place, root.kind()) {
            (Place::Managed, _) => {
                (Effect::StopsStart, "Managed settings document could not be parsed as a JSON object".to_owned())
            }
            (_, Kind::Null) => (Effect::DropsFile, "Invalid or malformed JSON".to_owned()),
            (_, kind) => (Effect::DropsFile, format!("Expected object, but received {}", kind.word())),
        };
        faults.add(effect, &Path::ROOT, Site::Value(root), || message);
        return faults.list;
    }
    for (key, member) in known_members(root) {
        if place == Place::Managed { managed::judge(key, member, &mut faults) } else { judge(key, member, &mut faults) }
    }
    faults.list
}

/// The fault for which Claude Code drops the file, if there is one: the first that it names.
pub fn drops_file(faults: &[FieldFault]) -> Option<&FieldFault> {
    faults.iter().find(|fault| fault.effect == Effect::DropsFile)
}

/// Whether Claude Code knows a settings key of that name. Upper and lower case differ.
pub fn is_known_key(name: &str) -> bool {
    KEYS.iter().any(|key| key.name == name)
}

/// The members that count, in the table's order.
fn known_members(root: Value<'_>) -> Vec<(&'static Key, Member<'_>)> {
    let mut found: Vec<_> = root
        .effective_members()
        .into_iter()
        .filter_map(|member| Some((KEYS.iter().position(|key| key.name == member.name())?, member)))
        .collect();
    found.sort_by_key(|(index, _)| *index);
    found.into_iter().map(|(index, member)| (&KEYS[index], member)).collect()
}

/// Outside managed settings.
fn judge(key: &Key, member: Member<'_>, faults: &mut Faults) {
    let value = member.value;
    if key.nullable && value.is_null() {
        return;
    }
    let path = Path::ROOT.name(key.name);
    let site = Site::Member(member);
    match key.shape {
        Shape::ManagedOnly => faults.add(Effect::SkippedAlone, &path, site, || {
            format!("\"{}\" is only honored from managed settings and was ignored here", key.name)
        }),
        Shape::Hooks => hooks::judge_hooks(member, hooks::Guard::DropsFile, faults),
        Shape::Marketplaces => judge_marketplaces(member, Effect::DropsFile, faults),
        Shape::McpServers => mcp_servers::judge_mcp_servers(key.name, member, faults),
        _ => match key.wrong {
            Wrong::DropsFile => key.shape.check(Some(value), site, &path, &mut faults.report(Effect::DropsFile)),
            Wrong::Skipped { notice, field } if !key.shape.fits(value) => {
                let inner = field.map_or(path, |field| path.name(field));
                let site = field.and_then(|field| value.member(field)).map_or(site, Site::Member);
                faults.add(Effect::SkippedAlone, &inner, site, || notice.to_owned());
            }
            Wrong::Skipped { .. } => {}
        },
    }
}

/// `extraKnownMarketplaces`: a faulty entry is set aside, but a kind of source that nobody knows counts for more.
fn judge_marketplaces(member: Member<'_>, unknown_kind: Effect, faults: &mut Faults) {
    let path = Path::ROOT.name("extraKnownMarketplaces");
    if member.value.kind() != Kind::Object {
        let received = member.value.kind().word();
        faults.add(Effect::SkippedAlone, &path, Site::Member(member), || {
            format!(
                "\"extraKnownMarketplaces\" must be an object mapping marketplace names to declarations; received {received}"
            )
        });
        return;
    }
    for entry in member.value.effective_members() {
        let (name, site) = (entry.name(), Site::Member(entry));
        let path = path.name(&name);
        if table::SHAPE_MARKETPLACE.fits(entry.value) {
            let source = entry.value.get("source");
            let text = |name| source.and_then(|source| source.get(name)).and_then(Value::as_str);
            if text("source").as_deref() == Some("settings") && text("name").is_some_and(|own| own != name) {
                faults.add(Effect::SkippedAlone, &path, site, || "Invalid marketplace entry was ignored".to_owned());
            }
        } else if unknown_kind != Effect::DropsFile || !names_unknown_kind(entry.value, &path, faults) {
            faults.add(Effect::SkippedAlone, &path, site, || "Invalid marketplace entry was ignored".to_owned());
        }
    }
}

/// A kind that is a text, and not one that is known, drops the file: in the source, or in that of a plugin in it.
fn names_unknown_kind(entry: Value<'_>, path: &Path<'_>, faults: &mut Faults) -> bool {
    let Some(source) = entry.get("source") else { return false };
    let path = path.name("source");
    if let Some(kind) = unknown_kind(&table::SHAPE_MARKETPLACE_SOURCE, source) {
        let message = || table::SHAPE_MARKETPLACE_SOURCE.unknown_kind();
        faults.add(Effect::DropsFile, &path.name("source"), Site::Member(kind), message);
        return true;
    }
    let path = path.name("plugins");
    let mut any = false;
    for (index, plugin) in source.get("plugins").into_iter().flat_map(Value::items).enumerate() {
        let Some(own) = plugin.get("source") else { continue };
        if let Some(kind) = unknown_kind(&table::SHAPE_PLUGIN_SOURCE, own) {
            any = true;
            let message = || "Invalid input".to_owned();
            faults.add(Effect::DropsFile, &path.index(index).name("source"), Site::Member(kind), message);
        }
    }
    any
}

fn unknown_kind<'a>(kinds: &Shape, source: Value<'a>) -> Option<Member<'a>> {
    source.member("source").filter(|kind| kind.value.as_str().is_some_and(|kind| !kinds.has_kind(&kind)))
}

/// What was found so far.
#[derive(Default)]
struct Faults {
    list: Vec<FieldFault>,
}

impl Faults {
    fn add(&mut self, effect: Effect, path: &Path<'_>, site: Site<'_>, message: impl FnOnce() -> String) {
        if self.list.iter().filter(|fault| fault.effect == effect).count() < NAMED_AT_MOST {
            let (path, at) = (path.to_string(), site.position());
            self.list.push(FieldFault { path, effect, message: message(), at });
        }
    }

    fn report(&mut self, effect: Effect) -> shape::Report<'_> {
        shape::Report::to(self, effect)
    }
}
