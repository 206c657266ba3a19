//! `assets/facts/residents.toml` as a table for `residents.rs`, and what a row must be like.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    resident: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    name: String,
    #[serde(default)]
    ports: Vec<u16>,
    #[serde(default)]
    marks: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    autostart: Vec<String>,
    #[serde(default)]
    programs: Vec<String>,
    #[serde(default)]
    scripts: Vec<String>,
    source: String,
    checked: String,
}

/// Writes `residents.rs`.
pub fn write(facts: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let path = facts.join("residents.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    let facts: Facts = toml::from_str(&fs::read_to_string(&path)?)?;
    let table = table(&facts).map_err(|fault| io::Error::other(format!("{}: {fault}", path.display())))?;
    Ok(fs::write(out.join("residents.rs"), table)?)
}

fn table(facts: &Facts) -> Result<String, Box<dyn Error>> {
    let mut text = String::from("/// Every one that is known.\npub static RESIDENTS: &[Resident] = &[\n");
    let (mut ids, mut ports) = (BTreeSet::new(), BTreeSet::new());
    for row in &facts.resident {
        let Row { id, name, marks, files, autostart, programs, scripts, source, checked, .. } = row;
        if !ids.insert(id) {
            return Err(format!("{id}: twice").into());
        }
        if let Some(port) = row.ports.iter().find(|port| !ports.insert(**port)) {
            return Err(format!("{id}: port {port} is another's too").into());
        }
        if row.ports.is_empty() && marks.is_empty() {
            return Err(format!("{id}: nothing by which its settings are recognised").into());
        }
        if source.is_empty() || checked.len() != 10 {
            return Err(format!("{id}: where from, and when was it checked").into());
        }
        if files.iter().chain(autostart).any(|path| path.starts_with(['/', '~'])) {
            return Err(format!("{id}: its files are named from the home on").into());
        }
        let ports = &row.ports;
        writeln!(text, "    Resident {{ id: {id:?}, name: {name:?}, ports: &{ports:?}, marks: &{marks:?},")?;
        writeln!(text, "        files: &{files:?}, autostart: &{autostart:?}, programs: &{programs:?},")?;
        writeln!(text, "        scripts: &{scripts:?}, source: {source:?}, checked: {checked:?} }},")?;
    }
    text.push_str("];\n");
    Ok(text)
}
