//! From arguments to what is examined.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use authlight_core::reading::{Encoding, Reading};
use authlight_core::report::{Host, Mode};
use authlight_core::snapshot::{Arguments, Platform, Variable};

use super::Trouble;
use super::arguments::{self, Examine};
use crate::machine::Machine;
use crate::machine::os::Disk;
use crate::machine::scan::Examined;

/// The largest environment that is read.
const ENV_FILE_LIMIT: u64 = 16 << 20;

/// The disk and what is looked for on it.
pub fn examined(examine: &Examine) -> Result<(Disk, Examined), Trouble> {
    let platform = match examine.os {
        Some(arguments::System::Linux) => Platform::Linux,
        Some(arguments::System::Macos) => Platform::MacOs,
        Some(arguments::System::Windows) => Platform::Windows,
        None => running(),
    };
    let disk = match &examine.root {
        Some(root) => Disk::below(whole(root)?, platform),
        None => Disk::running(platform),
    };
    let variables = match &examine.env_file {
        Some(file) => from_file(file)?,
        None => crate::machine::process_environment(),
    };
    let inside = |path: &Path| {
        let outside = whole(path)?;
        disk.inside(&outside).ok_or_else(|| {
            Trouble::Arguments(format!("{} does not lie below the folder given with --root", path.display()))
        })
    };
    let named = |name: &str| {
        let variable: Option<&Variable> = variables.iter().rfind(|variable| variable.name == name);
        variable.map(|variable| variable.value.reveal().to_owned()).filter(|value| !value.is_empty())
    };
    let home = match &examine.home {
        Some(home) => inside(home)?,
        None => named(if platform == Platform::Windows { "USERPROFILE" } else { "HOME" })
            .or_else(crate::machine::account_home)
            .unwrap_or_default(),
    };
    let project = match examine.project.first() {
        Some(project) => Some(inside(project)?),
        None if examine.root.is_none() => {
            std::env::current_dir().ok().map(|folder| folder.to_string_lossy().into_owned())
        }
        None => None,
    };
    let mode = match examine.mode {
        Some(arguments::Mode::Print) => Mode::Print,
        _ => Mode::Interactive,
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let host = Host {
        os: platform.word().to_owned(),
        os_version: String::new(),
        arch: std::env::consts::ARCH.to_owned(),
        wsl: false,
        ssh: false,
        container: false,
    };
    let examined = Examined {
        now_ms: i64::try_from(now.as_millis()).unwrap_or(i64::MAX),
        platform,
        host,
        as_whom: crate::machine::as_whom().to_owned(),
        home,
        project,
        context: "process".to_owned(),
        mode,
        arguments: claude_arguments(examine.claude_args.as_deref())?,
        variables,
    };
    Ok((disk, examined))
}

fn running() -> Platform {
    if cfg!(windows) {
        Platform::Windows
    } else if cfg!(target_vendor = "apple") {
        Platform::MacOs
    } else {
        Platform::Linux
    }
}

/// A path from the root of the file system, without looking at links.
fn whole(path: &Path) -> Result<PathBuf, Trouble> {
    std::path::absolute(path).map_err(|error| Trouble::Arguments(format!("{}: {error}", path.display())))
}

fn from_file(path: &Path) -> Result<Vec<Variable>, Trouble> {
    let (_, read) = Disk::running(running()).read(&whole(path)?.to_string_lossy(), ENV_FILE_LIMIT);
    let bytes = match read {
        Reading::Found(bytes) => bytes,
        Reading::Absent => return Err(Trouble::Arguments(format!("{} is not there", path.display()))),
        Reading::Unreadable(trouble) => {
            let why = trouble.word();
            return Err(Trouble::Arguments(format!("{} could not be read: {why}", path.display())));
        }
    };
    Ok(variables_of(&bytes))
}

fn variables_of(bytes: &[u8]) -> Vec<Variable> {
    // What Windows PowerShell writes with `>` is UTF-16.
    let text = match Encoding::of(bytes) {
        Encoding::Utf8 => String::from_utf8_lossy(bytes),
        Encoding::Utf8Bom => String::from_utf8_lossy(&bytes[3..]),
        Encoding::Utf16Le => utf16(&bytes[2..], u16::from_le_bytes).into(),
        Encoding::Utf16Be => utf16(&bytes[2..], u16::from_be_bytes).into(),
    };
    let separator = if text.contains('\0') { '\0' } else { '\n' };
    text.split(separator)
        .filter_map(|entry| {
            let entry = if separator == '\n' { entry.strip_suffix('\r').unwrap_or(entry) } else { entry };
            let (name, value) = entry.split_once('=')?;
            crate::machine::variable(name, value)
        })
        .collect()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The flags of `claude` that take part; of a flag that stands twice the last counts.
pub(crate) fn claude_arguments(text: Option<&str>) -> Result<Arguments, Trouble> {
    let mut arguments = Arguments::default();
    let Some(text) = text else { return Ok(arguments) };
    let words = shlex::split(text)
        .ok_or_else(|| Trouble::Arguments("--claude-args: a quotation mark is not closed".to_owned()))?;
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let (flag, attached) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag.to_owned(), Some(value.to_owned())),
            _ => (word, None),
        };
        match flag.as_str() {
            "--bare" => arguments.bare = true,
            "--settings" => arguments.settings = attached.or_else(|| words.next()),
            "--setting-sources" => {
                let list = attached.or_else(|| words.next()).unwrap_or_default();
                arguments.setting_sources = Some(list.split(',').map(|name| name.trim().to_owned()).collect());
            }
            _ => {}
        }
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_file_is_read_as_it_was_saved() {
        let text = "HOME=/home/kim\r\nNOT_OURS=x\r\nANTHROPIC_BASE_URL=https://llm.example.com/a=b\r\n";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe", le.as_slice()].concat(),
            [b"\xfe\xff", be.as_slice()].concat(),
            text.replace("\r\n", "\0").into_bytes(),
        ] {
            let read: Vec<_> =
                variables_of(&bytes).iter().map(|one| (one.name.clone(), one.value.reveal().to_owned())).collect();
            let expected = [("HOME", "/home/kim"), ("ANTHROPIC_BASE_URL", "https://llm.example.com/a=b")];
            assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        let broken = variables_of(b"ANTHROPIC_API_KEY=one\ntwo\0HOME=/\0");
        assert_eq!(broken[0].value.reveal(), "one\ntwo");
    }
}
