//! The shape of the report, as a JSON Schema that is shipped as `docs/report.schema.json`.

use authlight_core::report::{Crashed, Report, SCHEMA, Status};
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// The schema as it is shipped.
pub const SHIPPED: &str = include_str!("../../../../docs/report.schema.json");

/// The schema of what `check --json` and `report` write (draft 2020-12), made from the report's own types.
///
/// Fields may be added within version 1, so unknown ones are allowed.
pub fn report_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let report = generator.subschema_for::<Report>();
    let crashed = generator.subschema_for::<Crashed>();
    let mut kinds = generator.take_definitions(true);
    for kind in ["Report", "Crashed"] {
        if let Some(version) = kinds.get_mut(kind).and_then(|kind| kind.pointer_mut("/properties/schema")) {
            version["const"] = SCHEMA.into();
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Authlight report",
        "description": "What Authlight found out about the sign-in of Claude Code.",
        "type": "object",
        // A run that failed says so at the top.
        "if": {"properties": {"status": {"const": Status::Crashed.word()}}, "required": ["status"]},
        "then": crashed,
        "else": report,
        "$defs": kinds,
    })
}

#[cfg(test)]
#[path = "../../tests/support/report_schema.rs"]
pub(crate) mod validation;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::validation::faults;
    use super::*;
    use crate::report_out::samples;

    /// The file in the repository. `AUTHLIGHT_REGENERATE=1 cargo test -p authlight-engine schema` writes it anew.
    #[test]
    fn the_shipped_schema_is_fresh() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.schema.json");
        let fresh = format!("{:#}\n", report_schema());
        #[expect(clippy::disallowed_methods, reason = "a switch of this test, not of the program")]
        if std::env::var_os("AUTHLIGHT_REGENERATE").is_some() {
            std::fs::write(&path, &fresh).unwrap();
        }
        let shipped = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(shipped == fresh, "docs/report.schema.json is stale: run again with AUTHLIGHT_REGENERATE=1");
    }

    #[test]
    fn a_sample_holds_and_a_broken_one_does_not() {
        let sound = serde_json::to_value(samples::sample("x", "~/work/shop")).unwrap();
        assert_eq!(faults(&report_schema(), &sound), None);
        for (pointer, wrong) in [
            ("/verdict/light", Value::from("purple")),
            ("/schema", Value::from("authlight.report/2")),
            ("/ladder/0/state", Value::Null),
            ("/causes/1/checks/0/evidence/0/line", Value::from("seven")),
            ("/route/sends", Value::Null),
        ] {
            let mut broken = sound.clone();
            *broken.pointer_mut(pointer).unwrap() = wrong;
            assert!(faults(&report_schema(), &broken).is_some(), "{pointer}");
        }
        let mut broken = sound;
        broken.as_object_mut().unwrap().remove("live");
        assert!(faults(&report_schema(), &broken).is_some(), "live is always there");
    }
}
