//! The types of the table, and the table.

/// Where a set of rules comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// How we know.
    pub source: &'static str,
    /// The version of Claude Code that they were seen in.
    pub since: &'static str,
    /// The day they were last checked, `YYYY-MM-DD`.
    pub date: &'static str,
    /// The system they were seen on.
    pub platform: &'static str,
    /// Whether they were seen. What is not proven predicts nothing.
    pub proven: bool,
}

/// What a value may be.
pub(super) enum Shape {
    Any,
    Text,
    FilledText,
    Url,
    NpmPackage,
    MarketplaceName,
    Boolean,
    Number {
        min: Option<f64>,
        above: Option<f64>,
        max: Option<f64>,
    },
    Integer {
        min: Option<f64>,
    },
    Word {
        named: &'static [&'static str],
        also: &'static [&'static str],
    },
    List(&'static Shape),
    TextsOrText,
    Record(&'static Shape),
    Object(&'static [Field]),
    BooleanOrObject(&'static [Field]),
    Tagged {
        tag: &'static str,
        kinds: &'static [(&'static str, &'static [Field])],
    },
    Either(&'static [Shape]),
    /// The source of a plugin in a marketplace that settings spell out: a text is a path, and has nothing to start from.
    RemotePlugin(&'static Shape),
    Rules {
        allow: bool,
    },
    Hooks,
    Marketplaces,
    McpServers,
    ManagedOnly,
}

/// A name inside an object.
pub(super) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// A wrong value is read as the strictest one. The three of them are for managed settings.
    pub locks: bool,
    /// Its own fields are judged one by one.
    pub parts: bool,
    pub managed_shape: Option<&'static Shape>,
    pub managed_notice: Option<&'static str>,
}

/// A settings key.
pub(super) struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub nullable: bool,
    pub wrong: Wrong,
    pub managed: Managed,
    pub managed_nullable: bool,
    pub managed_shape: Option<&'static Shape>,
}

/// What a wrong value does outside managed settings.
pub(super) enum Wrong {
    DropsFile,
    /// The key alone is set aside, with this notice of the key or of one field of it.
    Skipped {
        notice: &'static str,
        field: Option<&'static str>,
    },
}

/// What a wrong value does in managed settings.
pub(super) enum Managed {
    /// The key is set aside.
    Field,
    /// Nothing is said.
    Silent,
    /// The shape has a rule of its own for every place.
    Same,
    /// Each field of the object is judged alone; no object at all is read as the strictest locks.
    Parts,
    /// Read as its strictest value, with this notice.
    Lock(&'static str),
    /// No list at all is read as an empty one; a wrong item is set aside.
    Allowlist(Items),
    /// No list at all is set aside; a wrong item too.
    Blocklist(Items),
    Plugins,
    Organisation,
    Providers(&'static [&'static str]),
    /// Set aside, and Claude Code says so in the words of its checker.
    OwnWords,
}

/// How the items of a managed list are judged.
pub(super) enum Items {
    /// By the list's own shape. Where none of them is right, Claude Code says so, or not.
    Own {
        told_in_all: bool,
    },
    McpServers,
    /// Names of models: any text.
    Models,
}

include!(concat!(env!("OUT_DIR"), "/settings_fields.rs"));
