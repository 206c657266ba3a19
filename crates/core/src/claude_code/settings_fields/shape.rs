//! Holding a value against a shape.

use std::fmt;

use crate::json::{Kind, Member, Position, Value};

use super::table::{Field, Shape};
use super::{Effect, Faults, permission_rule};

/// JavaScript's `Number.MAX_SAFE_INTEGER`.
const LARGEST_INTEGER: f64 = 9_007_199_254_740_991.0;

/// The way to a field.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Name(&'a str),
    /// `.0`
    Index(usize),
    /// `[0]`
    Bracket(usize),
    /// `[]`: an item, and Claude Code does not say which.
    SomeItem,
}

impl Path<'_> {
    pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    pub fn name<'a>(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Name(name) }
    }

    pub fn index(&self, index: usize) -> Path<'_> {
        Path { parent: Some(self), step: Step::Index(index) }
    }

    pub fn bracket(&self, index: usize) -> Path<'_> {
        Path { parent: Some(self), step: Step::Bracket(index) }
    }

    pub fn some_item(&self) -> Path<'_> {
        Path { parent: Some(self), step: Step::SomeItem }
    }

    fn last_name(&self) -> &str {
        match self.step {
            Step::Name(name) => name,
            _ => self.parent.map_or("", Path::last_name),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let top = self.parent.is_none_or(|parent| matches!(parent.step, Step::Root));
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Name(name) if top => f.write_str(name),
            Step::Name(name) => write!(f, ".{name}"),
            Step::Index(index) => write!(f, ".{index}"),
            Step::Bracket(index) => write!(f, "[{index}]"),
            Step::SomeItem => f.write_str("[]"),
        }
    }
}

/// The place that a fault points to.
#[derive(Clone, Copy)]
pub(super) enum Site<'a> {
    Member(Member<'a>),
    Value(Value<'a>),
}

impl Site<'_> {
    pub fn position(self) -> Position {
        match self {
            Self::Member(member) => member.position(),
            Self::Value(value) => value.position(),
        }
    }
}

/// Takes what does not fit: into the list, or only into account.
pub(super) struct Report<'a> {
    faults: Option<&'a mut Faults>,
    effect: Effect,
    any: bool,
}

impl<'a> Report<'a> {
    pub fn to(faults: &'a mut Faults, effect: Effect) -> Self {
        Self { faults: Some(faults), effect, any: false }
    }

    fn silent() -> Self {
        Self { faults: None, effect: Effect::SkippedAlone, any: false }
    }

    fn fault(&mut self, path: &Path<'_>, site: Site<'_>, message: impl FnOnce() -> String) {
        self.any = true;
        if let Some(faults) = self.faults.as_deref_mut() {
            faults.add(self.effect, path, site, message);
        }
    }

    /// Set aside alone, whatever a fault does here otherwise.
    fn skipped(&mut self, path: &Path<'_>, site: Site<'_>, message: impl FnOnce() -> String) {
        if let Some(faults) = self.faults.as_deref_mut() {
            faults.add(Effect::SkippedAlone, path, site, message);
        }
    }
}

impl Shape {
    /// Whether a value has this shape.
    pub fn fits(&self, value: Value<'_>) -> bool {
        self.admits(Some(value), Site::Value(value))
    }

    fn admits(&self, value: Option<Value<'_>>, site: Site<'_>) -> bool {
        let mut report = Report::silent();
        self.check(value, site, &Path::ROOT, &mut report);
        !report.any
    }

    /// Reports what does not fit. Without a value: a required one that is missing.
    pub fn check(&self, value: Option<Value<'_>>, site: Site<'_>, path: &Path<'_>, report: &mut Report<'_>) {
        let expected = |report: &mut Report<'_>, what: &str| {
            report.fault(path, site, || format!("Expected {what}, but received {}", received(value)));
        };
        let kind = value.map(Value::kind);
        let text = value.and_then(Value::as_str);
        match self {
            Self::Any => {}
            Self::Text | Self::FilledText | Self::Url | Self::MarketplaceName => match text {
                None => expected(report, "string"),
                Some(text) => {
                    let fault = match self {
                        Self::Url => url::Url::parse(&text).is_err().then_some("Invalid URL"),
                        Self::FilledText => text.is_empty().then_some("Number must be greater than or equal to 1"),
                        Self::MarketplaceName => marketplace_name_fault(&text),
                        _ => None,
                    };
                    if let Some(fault) = fault {
                        report.fault(path, site, || fault.to_owned());
                    }
                }
            },
            Self::NpmPackage => {
                if !text.is_some_and(|text| is_npm_package(&text)) {
                    report.fault(path, site, || "Invalid input".to_owned());
                }
            }
            Self::Boolean => {
                if kind != Some(Kind::Boolean) {
                    expected(report, "boolean");
                }
            }
            Self::Number { min, above, max } => {
                let number = value.and_then(Value::as_f64).filter(|number| number.is_finite());
                let Some(number) = number else { return expected(report, "number") };
                if min.is_some_and(|min| number < min) || above.is_some_and(|above| number <= above) {
                    report.fault(path, site, || "Number must be greater than or equal to".to_owned());
                }
                if let Some(max) = max.filter(|max| number > *max) {
                    report.fault(path, site, || format!("Too big: expected number to be <={max}"));
                }
            }
            Self::Integer { min } => {
                let number = value.and_then(Value::as_f64).filter(|number| number.is_finite());
                let Some(number) = number else { return expected(report, "number") };
                if number.fract() != 0.0 {
                    expected(report, "int");
                } else if number > LARGEST_INTEGER {
                    report.fault(path, site, || format!("Too big: expected int to be <={LARGEST_INTEGER}"));
                } else if number < min.unwrap_or(-LARGEST_INTEGER) {
                    report.fault(path, site, || "Number must be greater than or equal to".to_owned());
                }
            }
            Self::Word { named, also } => {
                if !text.is_some_and(|text| named.contains(&&*text) || also.contains(&&*text)) {
                    report
                        .fault(path, site, || format!("Invalid value. Expected one of: \"{}\"", named.join("\", \"")));
                }
            }
            Self::TextsOrText if text.as_ref().is_some_and(|text| !text.is_empty()) => {}
            Self::TextsOrText => Self::List(&Self::Text).check(value, site, path, report),
            Self::List(shape) => {
                if kind != Some(Kind::Array) {
                    return expected(report, "array");
                }
                for (index, item) in value.into_iter().flat_map(Value::items).enumerate() {
                    shape.check(Some(item), Site::Value(item), &path.index(index), report);
                }
            }
            Self::Record(shape) => {
                let Some(record) = object(value) else { return expected(report, "record") };
                // A member that JavaScript itself hides from the checker.
                for member in record.effective_members().iter().filter(|member| member.name() != "__proto__") {
                    shape.check(Some(member.value), Site::Member(*member), &path.name(&member.name()), report);
                }
            }
            Self::Object(fields) => {
                let Some(object) = object(value) else { return expected(report, "object") };
                check_fields(fields, object, site, path, report);
            }
            Self::BooleanOrObject(fields) => match object(value) {
                Some(object) => check_fields(fields, object, site, path, report),
                None if kind == Some(Kind::Boolean) => {}
                None => expected(report, "false, true, or an object such as { \"commit\": \"\", \"pr\": \"\" }"),
            },
            Self::Tagged { tag, kinds } => {
                let Some(object) = object(value) else { return expected(report, "object") };
                let member = object.member(tag);
                let kind = member.and_then(|member| member.value.as_str());
                match kinds.iter().find(|(name, _)| kind.as_deref() == Some(name)) {
                    Some((_, fields)) => check_fields(fields, object, site, path, report),
                    None => report.fault(&path.name(tag), member.map_or(site, Site::Member), || self.unknown_kind()),
                }
            }
            Self::Either(shapes) => {
                if !shapes.iter().any(|shape| shape.admits(value, site)) {
                    report.fault(path, site, || "Invalid input".to_owned());
                }
            }
            Self::RemotePlugin(shape) => match text {
                Some(text) => {
                    if !text.starts_with("./") {
                        report.fault(path, site, || "Invalid string: must start with \"./\"".to_owned());
                    }
                    report.fault(path.parent.unwrap_or(path), site, || {
                        "Plugins in a settings-sourced marketplace must use remote sources".to_owned()
                    });
                }
                None if shape.admits(value, site) => {}
                None => report.fault(path, site, || "Invalid input".to_owned()),
            },
            Self::Rules { allow } => {
                if kind != Some(Kind::Array) {
                    return expected(report, "array");
                }
                for item in value.into_iter().flat_map(Value::items) {
                    let list = path.last_name();
                    match item.as_str() {
                        None => report.skipped(path, Site::Value(item), || {
                            format!("Non-string value in {list} array was removed")
                        }),
                        Some(rule) if permission_rule::is_malformed(&rule, *allow) => {
                            report.skipped(path, Site::Value(item), || "Invalid permission rule".to_owned());
                        }
                        Some(_) => {}
                    }
                }
            }
            // These are keys, never fields: each has a judge of its own.
            Self::Hooks | Self::Marketplaces | Self::McpServers | Self::ManagedOnly => {}
        }
    }

    /// Whether this is a tagged shape with a kind of that name.
    pub fn has_kind(&self, name: &str) -> bool {
        matches!(self, Self::Tagged { kinds, .. } if kinds.iter().any(|(kind, _)| *kind == name))
    }

    /// What Claude Code says to a kind that it does not know.
    pub fn unknown_kind(&self) -> String {
        let Self::Tagged { kinds, .. } = self else { return String::new() };
        let names: Vec<_> = kinds.iter().map(|(kind, _)| format!("'{kind}'")).collect();
        format!("Invalid discriminator value. Expected {}", names.join(" | "))
    }
}

fn check_fields(fields: &[Field], object: Value<'_>, site: Site<'_>, path: &Path<'_>, report: &mut Report<'_>) {
    let members = object.effective_members();
    for field in fields {
        let path = path.name(field.name);
        match members.iter().find(|member| member.name() == field.name) {
            Some(member) => field.shape.check(Some(member.value), Site::Member(*member), &path, report),
            None if field.required => field.shape.check(None, site, &path, report),
            None => {}
        }
    }
}

fn object(value: Option<Value<'_>>) -> Option<Value<'_>> {
    value.filter(|value| value.kind() == Kind::Object)
}

/// The word for what was there instead.
fn received(value: Option<Value<'_>>) -> &'static str {
    match value {
        None => "undefined",
        Some(value) if value.as_f64() == Some(f64::INFINITY) => "Infinity",
        Some(value) if value.as_f64() == Some(f64::NEG_INFINITY) => "-Infinity",
        Some(value) => value.kind().word(),
    }
}

fn is_npm_package(name: &str) -> bool {
    let part = |part: &str| {
        let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        part.bytes().next().is_some_and(lower) && part.bytes().all(|byte| lower(byte) || b"-._".contains(&byte))
    };
    match name.strip_prefix('@').map(|scoped| scoped.split_once('/')) {
        None => part(name),
        Some(Some((scope, package))) => part(scope) && part(package),
        Some(None) => false,
    }
}

fn marketplace_name_fault(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("Number must be greater than or equal to 1"),
        "inline" => Some("Marketplace name \"inline\" is reserved"),
        "builtin" => Some("Marketplace name \"builtin\" is reserved"),
        "." => Some("Marketplace name cannot contain path separators"),
        _ if name.contains(['/', '\\']) || name.contains("..") => {
            Some("Marketplace name cannot contain path separators")
        }
        _ if name.contains(' ') => Some("Marketplace name cannot contain spaces"),
        _ => None,
    }
}
