//! From arguments to what is examined.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use authlight_core::host::home_in_passwd;
use authlight_core::reading::{Encoding, Reading};
use authlight_core::report::{Mode, ToldBy};
use authlight_core::secret::Secret;
use authlight_core::snapshot::{Arguments, Examined, Platform, Variable};

use super::Trouble;
use super::arguments::{self, Examine};
use crate::machine::Machine;
use crate::machine::host::host;
use crate::machine::os::Disk;
use crate::machine::surroundings::{self, Surroundings};

/// The largest account database that is read.
const ACCOUNTS_LIMIT: u64 = 16 << 20;

/// The largest environment that is read.
const ENV_FILE_LIMIT: u64 = 16 << 20;

/// The disk and what is looked for on it; of several projects the first.
pub fn examined(examine: &Examine) -> Result<(Disk, Examined), Trouble> {
    let (disk, mut all) = each(examine, &Surroundings::of_this_process(), SystemTime::now())?;
    Ok((disk, all.swap_remove(0)))
}

/// The disk and what is looked for on it, in the environment that this program was started with: one for each project,
/// at least one.
pub fn each(examine: &Examine, surroundings: &Surroundings, now: SystemTime) -> Result<(Disk, Vec<Examined>), Trouble> {
    let platform = match examine.os {
        Some(arguments::System::Linux) => Platform::Linux,
        Some(arguments::System::Macos) => Platform::MacOs,
        Some(arguments::System::Windows) => Platform::Windows,
        None => running(),
    };
    let whole = |path: &Path| {
        std::path::absolute(surroundings.folder.join(path))
            .map_err(|error| Trouble::Arguments(format!("{}: {error}", path.display())))
    };
    let disk = match &examine.root {
        Some(root) => Disk::below(whole(root)?, platform),
        None => Disk::running(platform),
    };
    let (variables, names) = match &examine.env_file {
        Some(file) => from_file(&surroundings.folder.join(file), platform)?,
        None => {
            let own = surroundings.variables.iter();
            let own = own.filter_map(|own| Variable::of(platform, &own.name, own.value.clone()));
            (own.collect(), surroundings.names.clone())
        }
    };
    let inside = |path: &Path| {
        let outside = whole(path)?;
        disk.inside(&outside).ok_or_else(|| {
            Trouble::Arguments(format!("{} does not lie below the folder given with --root", path.display()))
        })
    };
    let named = |name: &str| Variable::filled(&variables, name).map(str::to_owned);
    let home = match (&examine.home, &examine.user) {
        (Some(home), _) => inside(home)?,
        (None, Some(user)) => home_of(&disk, platform, user)?,
        (None, None) => named(if platform == Platform::Windows { "USERPROFILE" } else { "HOME" })
            .or_else(|| surroundings.account_home.clone())
            .unwrap_or_default(),
    };
    let as_whom = match (&examine.home, &examine.user) {
        (_, Some(user)) => user.clone(),
        (Some(_), None) => "user".to_owned(),
        (None, None) => surroundings.as_whom.clone(),
    };
    let mut projects = examine.project.iter().map(|folder| inside(folder).map(Some)).collect::<Result<Vec<_>, _>>()?;
    if projects.is_empty() {
        let current = (examine.root.is_none() && !surroundings.folder.as_os_str().is_empty())
            .then(|| surroundings.folder.to_string_lossy().into_owned());
        projects.push(current);
    }
    let mode = match examine.mode {
        Some(arguments::Mode::Print) => Mode::Print,
        _ => Mode::Interactive,
    };
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let examined = Examined {
        now_ms: i64::try_from(now.as_millis()).unwrap_or(i64::MAX),
        host: host(&disk, platform, &|name| names.iter().any(|there| there == name)),
        as_whom,
        told_by: if examine.env_file.is_some() { ToldBy::EnvironmentFile } else { ToldBy::Process },
        // Whoever names no context asks about this very process; what else is open is not looked at for that.
        own: is_own(examine) && examine.context.is_some(),
        mode,
        arguments: claude_arguments(examine.claude_args.as_deref())?,
        ..Examined::of_process(platform, home, variables)
    };
    Ok((disk, projects.into_iter().map(|project| Examined { project, ..examined.clone() }).collect()))
}

/// Whether it is the home of the person who looks, on the system that runs, in the environment that they have.
pub fn is_own(examine: &Examine) -> bool {
    examine.home.is_none() && examine.user.is_none() && examine.root.is_none() && examine.env_file.is_none()
}

/// The home of an account: from `/etc/passwd`; accounts that macOS and Windows keep elsewhere have their folder at the
/// usual place.
fn home_of(machine: &dyn Machine, platform: Platform, account: &str) -> Result<String, Trouble> {
    let is_name = !account.is_empty() && !account.contains(['/', '\\', ':']) && account != "." && account != "..";
    let unknown = || {
        Trouble::Arguments(format!(
            "--user {account}: there is no such account here. Give its home with --home instead"
        ))
    };
    if !is_name {
        return Err(unknown());
    }
    let usual = |folder: &str| {
        let home = platform.join(folder, account);
        machine.list(&home).found().is_some().then_some(home)
    };
    let found = match platform {
        Platform::Windows => usual("C:\\Users"),
        Platform::Linux | Platform::MacOs => {
            let (_, accounts) = machine.read("/etc/passwd", ACCOUNTS_LIMIT);
            let listed = accounts.found().and_then(|text| home_in_passwd(&String::from_utf8_lossy(text), account));
            listed.or_else(|| (platform == Platform::MacOs).then(|| usual("/Users")).flatten())
        }
    };
    found.ok_or_else(unknown)
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

/// The variables that count, and the names that say in what the program ran.
fn from_file(path: &Path, platform: Platform) -> Result<(Vec<Variable>, Vec<String>), Trouble> {
    let (_, read) = Disk::running(running()).read(&path.to_string_lossy(), ENV_FILE_LIMIT);
    let bytes = match read {
        Reading::Found(bytes) => bytes,
        Reading::Absent => return Err(Trouble::Arguments(format!("{} is not there", path.display()))),
        Reading::Unreadable(trouble) => {
            let why = trouble.word();
            return Err(Trouble::Arguments(format!("{} could not be read: {why}", path.display())));
        }
    };
    Ok(variables_of(&bytes, platform))
}

fn variables_of(bytes: &[u8], platform: Platform) -> (Vec<Variable>, Vec<String>) {
    // What Windows PowerShell writes with `>` is UTF-16.
    let text = match Encoding::of(bytes) {
        Encoding::Utf8 => String::from_utf8_lossy(bytes),
        Encoding::Utf8Bom => String::from_utf8_lossy(&bytes[3..]),
        Encoding::Utf16Le => utf16(&bytes[2..], u16::from_le_bytes).into(),
        Encoding::Utf16Be => utf16(&bytes[2..], u16::from_be_bytes).into(),
    };
    let separator = if text.contains('\0') { '\0' } else { '\n' };
    let mut names = Vec::new();
    let variables = text
        .split(separator)
        .filter_map(|entry| {
            let entry = if separator == '\n' { entry.strip_suffix('\r').unwrap_or(entry) } else { entry };
            let (name, value) = entry.split_once('=')?;
            names.extend(surroundings::names().find(|known| platform.is_same_variable(known, name)).map(str::to_owned));
            Variable::of(platform, name, Secret::new(value))
        })
        .collect();
    (variables, names)
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
            let read: Vec<_> = variables_of(&bytes, Platform::Linux)
                .0
                .iter()
                .map(|one| (one.name.clone(), one.value.plain().to_owned()))
                .collect();
            let expected = [("HOME", "/home/kim"), ("ANTHROPIC_BASE_URL", "https://llm.example.com/a=b")];
            assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        let broken = variables_of(b"ANTHROPIC_API_KEY=one\ntwo\0HOME=/\0", Platform::Linux).0;
        assert!(broken[0].value.same_as(&Secret::new("one\ntwo")));
    }
    #[test]
    fn on_windows_a_variable_is_the_same_in_any_case() {
        let text = b"Path=C:\\bin\nUserProfile=C:\\Users\\kim\nHTTPS_PROXY=http://p:1\nAnthropic_Api_Key=k\nssh_connection=x\n";
        let names = |platform| {
            let (variables, names) = variables_of(text, platform);
            (variables.into_iter().map(|one| one.name).collect::<Vec<_>>(), names)
        };
        let (windows, around) = names(Platform::Windows);
        assert_eq!(windows, ["PATH", "USERPROFILE", "https_proxy", "ANTHROPIC_API_KEY", "SSH_CONNECTION"]);
        assert_eq!(around, ["SSH_CONNECTION"]);
        let (linux, around) = names(Platform::Linux);
        assert_eq!(linux, ["HTTPS_PROXY", "Anthropic_Api_Key"]);
        assert!(around.is_empty());
    }
}
