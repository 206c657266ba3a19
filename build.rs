//! Links the unwinder into the program, where Linux would otherwise look for it in a library of its own: one library
//! less to be found and set right before the first line runs.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if variable("CARGO_CFG_TARGET_OS") == "linux"
        && variable("CARGO_CFG_TARGET_ENV") == "gnu"
        && variable("HOST") == variable("TARGET")
        && linker_has_unwinder()
    {
        // Stands before the one that the standard library names, and what is found first is taken.
        println!("cargo::rustc-link-lib=gcc_eh");
    }
}

/// Whether the compiler that links has it as a part to be linked in. Where not, the library stays one of its own.
fn linker_has_unwinder() -> bool {
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let linker = Some(variable("RUSTC_LINKER")).filter(|linker| !linker.is_empty());
    let asked = Command::new(linker.as_deref().unwrap_or("cc")).arg("-print-file-name=libgcc_eh.a").output();
    // Without the file, GCC gives its name back.
    asked.is_ok_and(|said| {
        let path = String::from_utf8_lossy(&said.stdout);
        let path = Path::new(path.trim());
        path.is_absolute() && path.is_file()
    })
}

fn variable(name: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "Cargo tells a build script of the target this way alone")]
    std::env::var(name).unwrap_or_default()
}
