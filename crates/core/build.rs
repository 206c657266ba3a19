//! Turns what is believed about Claude Code (`assets/facts`) into tables of the program, so that nothing is parsed when
//! it starts.

#[path = "build/phrases.rs"]
mod phrases;
#[path = "build/residents.rs"]
mod residents;
#[path = "build/settings_fields.rs"]
mod settings_fields;

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let facts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/facts");
    #[expect(clippy::disallowed_methods, reason = "Cargo names the folder of a build script's output this way alone")]
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    phrases::write(&facts, &out)?;
    residents::write(&facts, &out)?;
    settings_fields::generate()?;
    Ok(())
}
