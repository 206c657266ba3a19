//! `authlight list-checks`.

use authlight_core::checks;
use serde::Serialize;

use super::{Console, Trouble};

/// The version of the list's shape.
pub(super) const SCHEMA: &str = "authlight.checks/1";

#[derive(Serialize)]
struct List {
    schema: &'static str,
    checks: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: &'static str,
    cause: &'static str,
}

/// Lists every check, in the order of the screen.
pub(super) fn run(json: bool, console: &mut Console<'_>) -> Result<u8, Trouble> {
    let rows = checks::all().map(|check| Row { id: check.id, cause: check.cause.word() });
    let document = if json {
        let list = List { schema: SCHEMA, checks: rows.collect() };
        serde_json::to_string_pretty(&list).map_err(|error| Trouble::Internal(error.to_string()))? + "\n"
    } else {
        rows.map(|row| format!("{:16} {}\n", row.cause, row.id)).collect()
    };
    console.print(document.as_bytes())?;
    Ok(0)
}
