//! Holds a document against a JSON Schema, for the tests.

use boon::{Compiler, Schemas};
use serde_json::Value;

/// What is wrong with `document`; `None` where it holds.
pub fn faults(schema: &Value, document: &Value) -> Option<String> {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("schema.json", schema.clone()).expect("a schema");
    let compiled = compiler.compile("schema.json", &mut schemas).expect("a schema that compiles");
    schemas.validate(document, compiled).err().map(|error| format!("{error:#}"))
}
