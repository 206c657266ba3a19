//! The shape of the report, as a JSON Schema that is shipped as `docs/report.schema.json`.

use authlight_core::report::{Report, SCHEMA};
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The schema of what `check --json` and `report` write (draft 2020-12), made from the report's own types.
///
/// Fields may be added within version 1, so unknown ones are allowed.
pub fn report_schema() -> Value {
    let schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Report>();
    let mut all = schema.to_value();
    let mut root = serde_json::Map::from_iter([
        ("$schema".to_owned(), all["$schema"].take()),
        ("title".to_owned(), "Authlight report".into()),
        ("description".to_owned(), "What Authlight found out about the sign-in of Claude Code.".into()),
    ]);
    if let Some(version) = all.pointer_mut("/properties/schema").and_then(Value::as_object_mut) {
        version.insert("const".to_owned(), SCHEMA.into());
    }
    if let Value::Object(rest) = all {
        for (name, value) in rest {
            root.entry(name).or_insert(value);
        }
    }
    Value::Object(root)
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
