//! Holds documents against a JSON Schema, for the tests.

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

/// A schema that was compiled once, for many documents.
pub struct Validator {
    schemas: Schemas,
    compiled: SchemaIndex,
}

impl Validator {
    /// Compiles a schema.
    pub fn of(schema: &Value) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("schema.json", schema.clone()).expect("a schema");
        let compiled = compiler.compile("schema.json", &mut schemas).expect("a schema that compiles");
        Self { schemas, compiled }
    }

    /// What is wrong with `document`; `None` where it holds.
    pub fn faults(&self, document: &Value) -> Option<String> {
        self.schemas.validate(document, self.compiled).err().map(|error| format!("{error:#}"))
    }
}

/// What is wrong with one document; `None` where it holds.
#[allow(dead_code, reason = "not every test has one document alone")]
pub fn faults(schema: &Value, document: &Value) -> Option<String> {
    Validator::of(schema).faults(document)
}
