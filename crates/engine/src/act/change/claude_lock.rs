//! Claude Code's own locks: empty folders beside the files that it writes. It makes one before it writes, renews its
//! time meanwhile, removes it afterwards, and takes away one that nobody has renewed for a while (observed with 2.1.330).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The permission bits by which one of ours is known: a program that asks for none in particular never gets these.
#[cfg(unix)]
const OURS: u32 = 0o300;

/// The locks that this file is written under. `named`: as Claude Code names it, a link at its end not followed.
pub(super) fn locks_of(named: &Path) -> Vec<PathBuf> {
    let (Some(folder), Some(name)) = (named.parent(), named.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    match name {
        // The name of the link, where the file is one.
        ".claude.json" | ".config.json" => vec![folder.join(format!("{name}.lock"))],
        ".credentials.json" => {
            // While a login is renewed two, one of them beside the folder; for each writing a third.
            let folder = &fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
            let mut beside = folder.clone().into_os_string();
            beside.push(".lock");
            vec![folder.join(".oauth_refresh.lock"), PathBuf::from(beside), folder.join(".storage-write.lock")]
        }
        _ => Vec::new(),
    }
}

/// Held until this goes.
#[derive(Debug, Default)]
pub(super) struct ClaudeLocks(Vec<PathBuf>);

impl Drop for ClaudeLocks {
    fn drop(&mut self) {
        remove_own(&self.0);
    }
}

/// Takes these locks, all or none. Gives the one that Claude Code holds. A lock that was left behind stays where it is,
/// and where none can be made Claude Code makes none either.
pub(super) fn take(locks: &[PathBuf]) -> Result<ClaudeLocks, PathBuf> {
    let mut held = ClaudeLocks::default();
    for lock in locks {
        match make(lock) {
            Ok(()) => held.0.push(lock.clone()),
            Err(_) if fs::symlink_metadata(lock).is_ok() && !is_stale(lock) => return Err(lock.clone()),
            Err(_) => {}
        }
    }
    Ok(held)
}

/// Removes those of these locks that are ours.
pub(super) fn remove_own(locks: &[PathBuf]) {
    for lock in locks.iter().rev().filter(|lock| is_ours(lock)) {
        let _somebody_was_faster = fs::remove_dir(lock);
    }
}

fn make(lock: &Path) -> std::io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there are no permission bits"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(OURS);
    }
    builder.create(lock)
}

#[cfg(unix)]
fn is_ours(lock: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::symlink_metadata(lock).is_ok_and(|lock| lock.is_dir() && lock.mode() & 0o777 == OURS)
}

/// Nothing tells whose it is; one that is as old as this would be taken away by Claude Code too.
#[cfg(not(unix))]
fn is_ours(lock: &Path) -> bool {
    fs::symlink_metadata(lock).is_ok_and(|lock| lock.is_dir())
}

/// Whether nobody has renewed a lock for as long as Claude Code waits before it takes it away.
fn is_stale(lock: &Path) -> bool {
    let seconds = match lock.file_name().and_then(|name| name.to_str()) {
        Some(".claude.json.lock" | ".config.json.lock") => 10,
        Some(".storage-write.lock") => 15,
        _ => 60,
    };
    let age = fs::symlink_metadata(lock).and_then(|lock| lock.modified()).ok().and_then(|made| made.elapsed().ok());
    age.is_some_and(|age| age > Duration::from_secs(seconds))
}
