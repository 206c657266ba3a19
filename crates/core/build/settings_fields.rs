//! `assets/facts/settings_fields.toml` → `settings_fields.rs`: a tree of constants of the types in
//! `src/claude_code/settings_fields/table.rs`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, iter};

use serde::Deserialize;
use toml::Table;

/// The file as it is written. Objects and tags stay tables, since the order of their members counts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    facts: Facts,
    shapes: Table,
    keys: Table,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    source: String,
    since: String,
    date: String,
    platform: String,
    proven: bool,
    file_limit_bytes: u64,
    guarding_hook_events: Vec<String>,
    hook_events: Vec<String>,
}

/// A shape, and what a key or a field says beside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    shape: String,
    words: Option<Vec<String>>,
    #[serde(default)]
    also: Vec<String>,
    min: Option<f64>,
    above: Option<f64>,
    max: Option<f64>,
    items: Option<Box<Row>>,
    values: Option<Box<Row>>,
    of: Option<Vec<Row>>,
    #[serde(rename = "as")]
    name: Option<String>,
    fields: Option<Table>,
    tag: Option<String>,
    kinds: Option<Table>,
    also_kinds_of: Option<String>,

    #[serde(default)]
    nullable: bool,
    #[serde(default)]
    required: bool,

    wrong: Option<String>,
    notice: Option<String>,
    notice_at: Option<String>,
    managed: Option<String>,
    managed_shape: Option<Box<Row>>,
    managed_items: Option<String>,
    managed_notice: Option<String>,
    #[serde(default)]
    managed_nullable: bool,
    lock: Option<String>,
    locked: Option<String>,
    cases: Option<u32>,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Writes the table into `OUT_DIR`.
pub fn generate() -> Result<()> {
    let facts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/facts/settings_fields.toml");
    println!("cargo::rerun-if-changed={}", facts.display());
    let file: File = toml::from_str(&fs::read_to_string(&facts)?)?;
    let code = Tables { shapes: &file.shapes }.code(&file).map_err(|error| format!("{}: {error}", facts.display()))?;
    // Cargo tells a build script where to write through this variable alone.
    #[expect(clippy::disallowed_methods)]
    let out = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("settings_fields.rs"), code)?;
    Ok(())
}

struct Tables<'a> {
    shapes: &'a Table,
}

impl Tables<'_> {
    fn code(&self, file: &File) -> Result<String> {
        let facts = &file.facts;
        let mut code = String::new();
        writeln!(code, "/// Where these rules come from.")?;
        writeln!(
            code,
            "pub const PROVENANCE: Provenance = Provenance {{ source: {:?}, since: {:?}, date: {:?}, platform: {:?}, \
             proven: {} }};",
            facts.source, facts.since, facts.date, facts.platform, facts.proven
        )?;
        writeln!(code, "/// A settings file of more bytes than this is not read at all.")?;
        writeln!(code, "pub const FILE_LIMIT_BYTES: u64 = {};", facts.file_limit_bytes)?;
        writeln!(code, "pub(super) const HOOK_EVENTS: &[&str] = &{:?};", facts.hook_events)?;
        writeln!(code, "pub(super) const GUARDING_HOOK_EVENTS: &[&str] = &{:?};", facts.guarding_hook_events)?;
        for (name, shape) in self.shapes {
            let constant = constant(name);
            writeln!(code, "pub(super) const {constant}: Shape = {};", self.shape(&row(shape, name)?, name)?)?;
        }
        writeln!(code, "pub(super) static KEYS: &[Key] = &[")?;
        for (name, key) in &file.keys {
            writeln!(code, "    {},", self.key(name, &row(key, name)?)?)?;
        }
        writeln!(code, "];")?;
        Ok(code)
    }

    fn key(&self, name: &str, row: &Row) -> Result<String> {
        row.cases.ok_or_else(|| format!("{name}: `cases` is missing"))?;
        let wrong = match (row.wrong.as_deref(), &row.notice) {
            (None, _) => "Wrong::DropsFile".to_owned(),
            (Some("skipped"), Some(notice)) => {
                format!("Wrong::Skipped {{ notice: {notice:?}, field: {:?} }}", row.notice_at)
            }
            _ => return Err(format!("{name}: `wrong` is \"skipped\", with a `notice`").into()),
        };
        Ok(format!(
            "Key {{ name: {name:?}, shape: {}, nullable: {}, wrong: {wrong}, managed: {}, managed_nullable: {}, \
             managed_shape: {} }}",
            self.shape(row, name)?,
            row.nullable,
            self.managed(name, row)?,
            row.managed_nullable || row.nullable,
            self.managed_shape(row, name)?,
        ))
    }

    fn managed(&self, name: &str, row: &Row) -> Result<String> {
        let items = match row.managed_items.as_deref() {
            None => "Items::Own { told_in_all: true }",
            Some("sources") => "Items::Own { told_in_all: false }",
            Some("mcp-servers") => "Items::McpServers",
            Some("models") => "Items::Models",
            Some(other) => return Err(format!("{name}: no items {other:?}").into()),
        };
        Ok(match row.managed.as_deref() {
            None => "Managed::Field".to_owned(),
            Some("silent") => "Managed::Silent".to_owned(),
            Some("same") => "Managed::Same".to_owned(),
            Some("parts") => "Managed::Parts".to_owned(),
            Some("plugins") => "Managed::Plugins".to_owned(),
            Some("organisation") => "Managed::Organisation".to_owned(),
            Some("own-words") => "Managed::OwnWords".to_owned(),
            Some("allowlist") => format!("Managed::Allowlist({items})"),
            Some("blocklist") => format!("Managed::Blocklist({items})"),
            Some("providers") => {
                format!("Managed::Providers(&{:?})", needed(&row.words, name, "words")?)
            }
            Some("lock") => match (&row.notice, &row.locked) {
                (Some(notice), _) => format!("Managed::Lock({notice:?})"),
                (None, Some(value)) => {
                    let value =
                        if matches!(value.as_str(), "true" | "false") { value.clone() } else { format!("{value:?}") };
                    let notice =
                        format!("\"{name}\" was present but invalid; treating it as {value} (its restrictive value)");
                    format!("Managed::Lock({notice:?})")
                }
                (None, None) => return Err(format!("{name}: a lock has `locked` or a `notice`").into()),
            },
            Some(other) => return Err(format!("{name}: no managed rule {other:?}").into()),
        })
    }

    fn managed_shape(&self, row: &Row, name: &str) -> Result<String> {
        Ok(match &row.managed_shape {
            Some(shape) => format!("Some(&{})", self.shape(shape, name)?),
            None => "None".to_owned(),
        })
    }

    fn fields(&self, table: &Table, at: &str) -> Result<String> {
        let mut code = "&[".to_owned();
        for (name, value) in table {
            let at = format!("{at}.{name}");
            let row = row(value, &at)?;
            if row.nullable || row.wrong.is_some() || row.cases.is_some() {
                return Err(format!("{at}: what is said of keys only").into());
            }
            let parts = match row.managed.as_deref() {
                None => false,
                Some("parts") => true,
                Some(other) => return Err(format!("{at}: no rule {other:?} for a field").into()),
            };
            write!(
                code,
                "Field {{ name: {name:?}, shape: {}, required: {}, locks: {}, parts: {parts}, managed_shape: {}, \
                 managed_notice: {:?} }}, ",
                self.shape(&row, &at)?,
                row.required,
                row.lock.is_some(),
                self.managed_shape(&row, &at)?,
                row.managed_notice,
            )?;
        }
        code.push(']');
        Ok(code)
    }

    fn kinds(&self, row: &Row, at: &str) -> Result<String> {
        let own = needed(&row.kinds, at, "kinds")?;
        let other = match &row.also_kinds_of {
            Some(name) => Some(self.named(name, at)?),
            None => None,
        };
        let others = other.iter().flat_map(|row| row.kinds.iter().flatten());
        let mut code = "&[".to_owned();
        for (name, fields) in own.iter().chain(others) {
            let fields = fields.as_table().ok_or_else(|| format!("{at}: the kind {name} is no table"))?;
            write!(code, "({name:?}, {}), ", self.fields(fields, &format!("{at}.{name}"))?)?;
        }
        code.push(']');
        Ok(code)
    }

    fn named(&self, name: &str, at: &str) -> Result<Row> {
        row(self.shapes.get(name).ok_or_else(|| format!("{at}: no shape {name:?}"))?, at)
    }

    fn shape(&self, row: &Row, at: &str) -> Result<String> {
        let inner = |inner: &Option<Box<Row>>, what| self.shape(needed(inner, at, what)?, at);
        Ok(match row.shape.as_str() {
            "any" => "Shape::Any".to_owned(),
            "string" => "Shape::Text".to_owned(),
            "filled" => "Shape::FilledText".to_owned(),
            "url" => "Shape::Url".to_owned(),
            "npm-package" => "Shape::NpmPackage".to_owned(),
            "marketplace-name" => "Shape::MarketplaceName".to_owned(),
            "boolean" => "Shape::Boolean".to_owned(),
            "number" => {
                let (min, above, max) = (option(row.min), option(row.above), option(row.max));
                format!("Shape::Number {{ min: {min}, above: {above}, max: {max} }}")
            }
            "integer" => format!("Shape::Integer {{ min: {} }}", option(row.min)),
            "word" => {
                format!("Shape::Word {{ named: &{:?}, also: &{:?} }}", needed(&row.words, at, "words")?, row.also)
            }
            "strings" => "Shape::List(&Shape::Text)".to_owned(),
            "strings-or-text" => "Shape::TextsOrText".to_owned(),
            "list" => format!("Shape::List(&{})", inner(&row.items, "items")?),
            "record" => format!("Shape::Record(&{})", inner(&row.values, "values")?),
            "object" => format!("Shape::Object({})", self.fields(needed(&row.fields, at, "fields")?, at)?),
            "boolean-or-object" => {
                format!("Shape::BooleanOrObject({})", self.fields(needed(&row.fields, at, "fields")?, at)?)
            }
            "tagged" => {
                let tag = needed(&row.tag, at, "tag")?;
                format!("Shape::Tagged {{ tag: {tag:?}, kinds: {} }}", self.kinds(row, at)?)
            }
            "either" => {
                let mut code = "Shape::Either(&[".to_owned();
                for one in needed(&row.of, at, "of")? {
                    write!(code, "{}, ", self.shape(one, at)?)?;
                }
                code + "])"
            }
            "same" => {
                let name = needed(&row.name, at, "as")?;
                self.named(name, at)?;
                constant(name)
            }
            "remote-plugin" => {
                let name = needed(&row.name, at, "as")?;
                self.named(name, at)?;
                format!("Shape::RemotePlugin(&{})", constant(name))
            }
            "rules" => "Shape::Rules { allow: false }".to_owned(),
            "allow-rules" => "Shape::Rules { allow: true }".to_owned(),
            "hooks" => "Shape::Hooks".to_owned(),
            "marketplaces" => "Shape::Marketplaces".to_owned(),
            "mcp-servers" => "Shape::McpServers".to_owned(),
            "managed-only" => "Shape::ManagedOnly".to_owned(),
            other => return Err(format!("{at}: no shape {other:?}").into()),
        })
    }
}

fn row(value: &toml::Value, at: &str) -> Result<Row> {
    value.clone().try_into().map_err(|error| format!("{at}: {error}").into())
}

fn needed<'a, T>(value: &'a Option<T>, at: &str, what: &str) -> Result<&'a T> {
    value.as_ref().ok_or_else(|| format!("{at}: `{what}` is missing").into())
}

fn option(number: Option<f64>) -> String {
    number.map_or_else(|| "None".to_owned(), |number| format!("Some({number:?})"))
}

fn constant(name: &str) -> String {
    iter::once("SHAPE_".to_owned())
        .chain(name.chars().map(|c| if c == '-' { "_".into() } else { c.to_uppercase().to_string() }))
        .collect()
}
