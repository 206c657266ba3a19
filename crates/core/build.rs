//! Turns the facts in `assets/facts` into Rust tables, so that nothing is parsed when the program starts.

use std::error::Error;

#[path = "build/settings_fields.rs"]
mod settings_fields;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    settings_fields::generate()?;
    Ok(())
}
