//! What we believe about Claude Code: typed tables over `assets/facts`, each with its source, and the functions that
//! apply them.

pub mod settings_fields;
