//! The running system's registry: the policy and the keys of variables; of these the person's own are also written.

use std::io;

use authlight_core::host::LXSS_KEY;
use authlight_core::reading::{Reading, Trouble};
use authlight_core::registry_export::{Exported, Hive, POLICY_KEY, POLICY_VALUE, TextValue};
use authlight_core::secret::Secret;
use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type, Value};

fn top(hive: Hive) -> &'static Key {
    match hive {
        Hive::LocalMachine => LOCAL_MACHINE,
        Hive::CurrentUser => CURRENT_USER,
    }
}

/// The codes by which the system says that a key or value is not there, and that it may not be read.
const NOT_THERE: [i32; 2] = [of_win32(2), of_win32(3)];
const NOT_ALLOWED: i32 = of_win32(5);

/// A code of Windows as `HRESULT` carries it.
const fn of_win32(code: i32) -> i32 {
    code | 0x8007_0000_u32.cast_signed()
}

fn failure<T>(code: i32) -> Reading<T> {
    match code {
        code if NOT_THERE.contains(&code) => Reading::Absent,
        NOT_ALLOWED => Reading::Unreadable(Trouble::Denied),
        _ => Reading::Unreadable(Trouble::Failed),
    }
}

/// The text values of the key of variables.
pub fn environment(hive: Hive) -> Reading<Vec<TextValue>> {
    environment_below(top(hive), hive.environment_key())
}

fn environment_below(top: &Key, key: &str) -> Reading<Vec<TextValue>> {
    let key = match top.open(key) {
        Ok(key) => key,
        Err(error) => return failure(error.code().0),
    };
    let values = match key.values() {
        Ok(values) => values,
        Err(error) => return failure(error.code().0),
    };
    let text = |(name, value): (String, Value)| {
        let expands = match value.ty() {
            Type::String => false,
            Type::ExpandString => true,
            _ => return None,
        };
        Some(TextValue { name, text: Secret::new(up_to_nul(&value)), expands })
    };
    Reading::Found(values.filter_map(text).collect())
}

/// The text of a value as programs get it: to its first NUL, if it has one. What is no text in it becomes a mark.
fn up_to_nul(value: &Value) -> String {
    let wide = value.as_wide();
    let end = wide.iter().position(|unit| *unit == 0).unwrap_or(wide.len());
    String::from_utf16_lossy(&wide[..end])
}

/// A variable of the person.
pub fn user_variable(name: &str) -> io::Result<Option<Secret>> {
    let key = CURRENT_USER.open(Hive::CurrentUser.environment_key());
    match key.and_then(|key| key.get_value(name)) {
        Ok(value) => Ok(Some(Secret::new(up_to_nul(&value)))),
        Err(error) if NOT_THERE.contains(&error.code().0) => Ok(None),
        Err(error) => Err(io::Error::other(error.message())),
    }
}

/// Whether a variable of the person expands others.
pub fn user_variable_expands(name: &str) -> bool {
    expands_below(CURRENT_USER, Hive::CurrentUser.environment_key(), name)
}

fn expands_below(top: &Key, key: &str, name: &str) -> bool {
    let value = top.open(key).and_then(|key| key.get_value(name));
    value.is_ok_and(|value| value.ty() == Type::ExpandString)
}

/// Sets a variable of the person, of that kind, or takes it away.
pub fn set_user_variable(name: &str, value: Option<&Secret>, expands: bool) -> io::Result<()> {
    set_below(CURRENT_USER, Hive::CurrentUser.environment_key(), name, value, expands)
}

#[expect(clippy::disallowed_methods, reason = "a repair writes it where it belongs")]
fn set_below(top: &Key, key: &str, name: &str, value: Option<&Secret>, expands: bool) -> io::Result<()> {
    let done = top.create(key).and_then(|key| match value {
        None => key.remove_value(name),
        Some(value) if expands => key.set_expand_string(name, value.reveal()),
        Some(value) => key.set_string(name, value.reveal()),
    });
    match done {
        Err(error) if value.is_none() && NOT_THERE.contains(&error.code().0) => Ok(()),
        done => done.map_err(|error| io::Error::other(error.message())),
    }
}

/// Has Windows tell open programs that variables have changed (`WM_SETTINGCHANGE`), so that what is started from the
/// desktop gets them. The message itself is sent by .NET, which does so whenever a variable of the person is set or
/// cleared: one that is not there is cleared. Nothing depends on it, and nobody waits for it.
pub fn tell_open_programs() {
    use std::os::windows::process::CommandExt as _;
    use std::process::{Command, Stdio};
    const NO_WINDOW: u32 = 0x0800_0000;
    const CLEAR_WHAT_IS_NOT_THERE: &str = "[Environment]::SetEnvironmentVariable('AUTHLIGHT_NOT_THERE', $null, 'User')";
    let Some(system) = std::env::var_os("SystemRoot").map(std::path::PathBuf::from).filter(|path| path.is_absolute())
    else {
        return;
    };
    let powershell = system.join("System32").join("WindowsPowerShell").join("v1.0").join("powershell.exe");
    let none = Stdio::null;
    let told = Command::new(powershell)
        .args(["-NoProfile", "-NonInteractive", "-Command", CLEAR_WHAT_IS_NOT_THERE])
        .current_dir(system)
        .stdin(none())
        .stdout(none())
        .stderr(none())
        .creation_flags(NO_WINDOW)
        .spawn();
    drop(told);
}

/// The policy's value.
pub fn policy(hive: Hive) -> Reading<Exported> {
    policy_below(top(hive), POLICY_KEY)
}

fn policy_below(top: &Key, key: &str) -> Reading<Exported> {
    match top.open(key).and_then(|key| key.get_value(POLICY_VALUE)) {
        Ok(value) if matches!(value.ty(), Type::String | Type::ExpandString) => {
            Reading::Found(Exported::Text(up_to_nul(&value)))
        }
        Ok(_) => Reading::Found(Exported::OtherType),
        Err(error) => failure(error.code().0),
    }
}

/// How many distributions of WSL there are.
pub fn distributions() -> Reading<usize> {
    distributions_below(CURRENT_USER, LXSS_KEY)
}

fn distributions_below(top: &Key, key: &str) -> Reading<usize> {
    let top = match top.open(key) {
        Ok(top) => top,
        Err(error) => return failure(error.code().0),
    };
    let Ok(keys) = top.keys() else { return Reading::Unreadable(Trouble::Failed) };
    let named = |key: &String| top.open(key).is_ok_and(|key| key.get_string("DistributionName").is_ok());
    Reading::Found(keys.filter(named).count())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "no secret is in what the tests write")]
mod tests {
    use super::*;

    /// A key of its own below the person's half, gone when it is dropped.
    struct Scratch(String);

    impl Scratch {
        fn new(name: &str) -> (Self, Key) {
            let path = format!("Software\\Authlight test {} {name}", std::process::id());
            let key = CURRENT_USER.create(&path).unwrap();
            (Self(path), key)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _gone_already = CURRENT_USER.remove_tree(&self.0);
        }
    }

    /// `REG_SZ`, by its number: a value is written that does not end as it should.
    const PLAIN: Type = Type::Other(1);
    const EXPANDS: Type = Type::Other(2);

    fn write(key: &Key, name: &str, kind: Type, bytes: &[u8]) {
        // No bytes have a place, too.
        let all = [bytes, &[0]].concat();
        key.set_bytes(name, kind, &all[..bytes.len()]).unwrap();
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn variables_are_read_as_programs_get_them_and_stay_unexpanded() {
        let (_scratch, top) = Scratch::new("environment");
        for hive in [Hive::CurrentUser, Hive::LocalMachine] {
            let key = top.create(hive.environment_key()).unwrap();
            for (name, kind, bytes) in [
                ("PLAIN", PLAIN, wide("ü\u{1f511} 100%\0")),
                ("EXPANDS", EXPANDS, wide("%USERPROFILE%\\x\0")),
                ("NO_NUL", PLAIN, wide("no end")),
                ("TWO_NULS", PLAIN, wide("first\0second\0")),
                ("EMPTY", PLAIN, wide("\0")),
                ("NO_BYTES", PLAIN, Vec::new()),
                ("ODD", PLAIN, [wide("od"), vec![b'd']].concat()),
                ("HALF", PLAIN, [vec![0x00, 0xd8], wide("x\0")].concat()),
                ("", PLAIN, wide("default\0")),
                ("NUMBER", Type::U32, vec![1, 0, 0, 0]),
                ("BYTES", Type::Bytes, wide("bytes\0")),
                ("LIST", Type::Other(7), wide("one\0two\0\0")),
                ("STRANGE", Type::Other(0xbeef), wide("strange\0")),
            ] {
                write(&key, name, kind, &bytes);
            }
            let read = environment_below(&top, hive.environment_key());
            let mut read: Vec<_> =
                read.found().unwrap().iter().map(|one| (&*one.name, one.text.reveal(), one.expands)).collect();
            read.sort_unstable();
            let expected = [
                ("", "default", false),
                ("EMPTY", "", false),
                ("EXPANDS", "%USERPROFILE%\\x", true),
                ("HALF", "\u{fffd}x", false),
                ("NO_BYTES", "", false),
                ("NO_NUL", "no end", false),
                ("ODD", "od", false),
                ("PLAIN", "ü\u{1f511} 100%", false),
                ("TWO_NULS", "first", false),
            ];
            assert_eq!(read, expected, "{hive:?}");
        }
        assert!(environment_below(&top, "Nothing here").is_absent());
    }

    #[test]
    fn a_variable_keeps_its_kind_when_it_is_put_back() {
        let (_scratch, top) = Scratch::new("kinds");
        let (key, value) = ("Environment", Secret::new("%USERPROFILE%\\x"));
        for expands in [true, false] {
            set_below(&top, key, "V", Some(&value), expands).unwrap();
            assert_eq!(expands_below(&top, key, "V"), expands);
            set_below(&top, key, "V", None, expands).unwrap();
            assert!(!expands_below(&top, key, "V") && top.open(key).unwrap().get_value("V").is_err());
            set_below(&top, key, "V", None, expands).unwrap();
        }
    }

    #[test]
    fn a_policy_is_text_of_either_kind_and_nothing_else_is_taken_for_none() {
        let (_scratch, top) = Scratch::new("policy");
        assert!(policy_below(&top, POLICY_KEY).is_absent(), "no key");
        let key = top.create(POLICY_KEY).unwrap();
        assert!(policy_below(&top, POLICY_KEY).is_absent(), "no value");
        let text = |text: &str| Exported::Text(text.to_owned());
        for (kind, bytes, expected) in [
            (PLAIN, wide("{\"model\":\"ü\"}\0"), text("{\"model\":\"ü\"}")),
            (EXPANDS, wide("{\"a\":\"%PATH%\"}\0"), text("{\"a\":\"%PATH%\"}")),
            (PLAIN, wide("{}"), text("{}")),
            (PLAIN, wide("\0"), text("")),
            (PLAIN, Vec::new(), text("")),
            (PLAIN, [vec![0x00, 0xdc], wide("\0")].concat(), text("\u{fffd}")),
            (Type::Other(7), wide("{}\0\0"), Exported::OtherType),
            (Type::Bytes, wide("{}\0"), Exported::OtherType),
            (Type::U32, vec![1, 0, 0, 0], Exported::OtherType),
        ] {
            write(&key, POLICY_VALUE, kind, &bytes);
            assert_eq!(policy_below(&top, POLICY_KEY).found(), Some(&expected), "{kind:?} {bytes:?}");
        }
        // A long one: a policy has no length that it must keep to.
        let long = "x".repeat(1 << 20);
        write(&key, POLICY_VALUE, PLAIN, &wide(&long));
        assert_eq!(policy_below(&top, POLICY_KEY).found(), Some(&text(&long)));
    }

    #[test]
    fn distributions_are_counted_by_their_names() {
        let (_scratch, top) = Scratch::new("distributions");
        assert!(distributions_below(&top, LXSS_KEY).is_absent());
        let lxss = top.create(LXSS_KEY).unwrap();
        assert_eq!(distributions_below(&top, LXSS_KEY).found(), Some(&0));
        lxss.create("{1}").unwrap().set_string("DistributionName", "Debian").unwrap();
        lxss.create("{2}").unwrap().set_string("DistributionName", "Ubuntu").unwrap();
        lxss.create("AppxInstallerCache").unwrap();
        assert_eq!(distributions_below(&top, LXSS_KEY).found(), Some(&2));
    }
}
