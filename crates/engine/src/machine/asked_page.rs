//! The page that a program wants in the browser, handed to us instead.
//!
//! Claude Code starts the program that `BROWSER` names, as a whole path and with the address as its only argument
//! (observed: 2.1.330 on Linux; an address that it prints is another). That program is ourselves: the address is left in a
//! file of a folder of our own, and whoever waits for it opens it. A browser that the program itself started would end
//! with its session.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use authlight_core::claude_code::sign_in::Page;

/// The variable that names the file.
const FILE: &str = "AUTHLIGHT_PAGE_FILE";

/// The variable that names the browser.
const BROWSER: &str = "BROWSER";

/// Waits for a page.
pub(crate) struct AskedPage {
    folder: tempfile::TempDir,
}

impl AskedPage {
    /// Makes the folder. Only this account may look into it.
    ///
    /// # Errors
    /// What the system says.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self { folder: tempfile::Builder::new().prefix("authlight-").tempdir()? })
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("page")
    }

    /// The environment with which a program asks us.
    pub fn put_into(&self, environment: &mut Vec<(OsString, OsString)>, own: &Path) {
        environment.retain(|(name, _)| name != BROWSER && name != FILE);
        environment.push((BROWSER.into(), own.into()));
        environment.push((FILE.into(), self.file().into()));
    }

    /// The page, once.
    pub fn take(&self) -> Option<Page> {
        let text = fs::read_to_string(self.file()).ok()?;
        let _is_gone = fs::remove_file(self.file());
        Page::of(&text)
    }
}

/// Does what a program asks of its browser, where it asked us; gives the exit code.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub(crate) fn leave(arguments: &[OsString]) -> Option<u8> {
    let [_, address] = arguments else { return None };
    let file = PathBuf::from(std::env::var_os(FILE)?);
    let address = address.to_str().filter(|address| address.starts_with("https://"))?;
    let written = leave_in(&file, address);
    Some(u8::from(written.is_err()))
}

fn leave_in(file: &Path, address: &str) -> std::io::Result<()> {
    let mut part = file.as_os_str().to_owned();
    part.push(OsStr::new(".part"));
    let mut open = fs::File::create_new(&part)?;
    open.write_all(address.as_bytes())?;
    fs::rename(&part, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_taken_once_and_only_one_of_the_service() {
        let asked = AskedPage::new().unwrap();
        assert_eq!(asked.take(), None);
        leave_in(&asked.file(), "https://claude.ai/oauth/authorize?x=1").unwrap();
        assert!(asked.take().is_some_and(|page| page.address().ends_with("x=1")));
        assert_eq!(asked.take(), None);
        leave_in(&asked.file(), "https://elsewhere.example/").unwrap();
        assert_eq!(asked.take(), None);
    }

    #[test]
    fn the_persons_own_browser_is_not_asked() {
        let asked = AskedPage::new().unwrap();
        let mut environment = vec![("BROWSER".into(), "firefox".into()), ("PATH".into(), "/bin".into())];
        asked.put_into(&mut environment, Path::new("/opt/authlight"));
        let browsers: Vec<_> = environment.iter().filter(|(name, _)| name == "BROWSER").collect();
        assert!(matches!(&browsers[..], [(_, own)] if own == "/opt/authlight"));
    }
}
