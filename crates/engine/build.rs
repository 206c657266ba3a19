//! Lists the locale files and the practice scenarios, so that a new one under `assets/locales/<tag>/` or
//! `assets/practice/<name>/` is built in without another line of code.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> Result<(), Box<dyn Error>> {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/locales").canonicalize()?;
    println!("cargo::rerun-if-changed={}", locales.display());

    let mut list = String::from("&[\n");
    for language in sorted(&locales)?.iter().filter(|path| path.is_dir()) {
        println!("cargo::rerun-if-changed={}", language.display());
        writeln!(list, "    ({:?}, &[", language.file_name().unwrap_or_default().to_string_lossy())?;
        let mut messages = Vec::new();
        for file in sorted(language)?.iter().filter(|path| path.extension().is_some_and(|end| end == "ftl")) {
            println!("cargo::rerun-if-changed={}", file.display());
            messages.extend(messages_of(&fs::read_to_string(file)?));
        }
        messages.sort();
        for (id, text) in messages {
            writeln!(list, "        ({id:?}, {text:?}),")?;
        }
        writeln!(list, "    ]),")?;
    }
    list.push_str("]\n");

    #[expect(clippy::disallowed_methods, reason = "Cargo names the folder of a build script's output this way alone")]
    let out = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("locales.rs"), list)?;
    Ok(fs::write(Path::new(&out).join("practice.rs"), practice()?)?)
}

/// The messages of a file, each with its identifier, as they stand there.
fn messages_of(file: &str) -> Vec<(String, String)> {
    let mut messages: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in file.split_inclusive('\n') {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let id = line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).next();
            messages.push((id.unwrap_or_default().to_owned(), line.to_owned()));
            inside = true;
        } else if line.starts_with('#') {
            inside = false;
        } else if let Some((_, text)) = messages.last_mut().filter(|_| inside) {
            text.push_str(line);
        }
    }
    messages
}

fn practice() -> Result<String, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/practice").canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut list = String::from("&[\n");
    for scenario in sorted(&folder)? {
        let file = scenario.join("scenario.json");
        if file.is_file() {
            println!("cargo::rerun-if-changed={}", file.display());
            let name = scenario.file_name().unwrap_or_default().to_string_lossy();
            writeln!(list, "    ({name:?}, include_str!({:?})),", file.display().to_string())?;
        }
    }
    list.push_str("]\n");
    Ok(list)
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
