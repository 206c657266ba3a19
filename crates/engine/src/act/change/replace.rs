//! One file takes another's place, whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::place::Fingerprint;
use super::store::private;

/// What the new file is like.
#[derive(Clone, Debug)]
pub(super) struct Attributes {
    /// Its permission bits.
    pub mode: u32,
    /// Owner and group, where they are not the account's own.
    pub owner: Option<(u32, u32)>,
}

impl From<&Fingerprint> for Attributes {
    fn from(of: &Fingerprint) -> Self {
        Self { mode: of.mode, owner: of.owner }
    }
}

/// The name of the file in which a new one is written, beside the one whose place it takes.
pub(super) fn waiting_name(place: &Path, change: &str, step: usize) -> PathBuf {
    place.with_file_name(format!(".authlight-{change}-{step}.tmp"))
}

/// Writes a new file beside the place, down to the disk, and gives it the place's name. What was there keeps its
/// extended attributes.
pub(super) fn replace(place: &Path, waiting: &Path, bytes: &[u8], attributes: &Attributes) -> io::Result<()> {
    let made = write(place, waiting, bytes, attributes).and_then(|()| give_name(waiting, place));
    if made.is_err() {
        let _nothing_there = fs::remove_file(waiting);
    }
    made?;
    sync_folder(place.parent().unwrap_or(Path::new(".")))
}

fn write(place: &Path, waiting: &Path, bytes: &[u8], attributes: &Attributes) -> io::Result<()> {
    let mut file = private().create_new(true).write(true).open(waiting)?;
    file.write_all(bytes)?;
    dress(place, &file, attributes)?;
    file.sync_all()
}

#[cfg(unix)]
fn dress(place: &Path, file: &File, attributes: &Attributes) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let own = file.metadata()?;
    if let Some((user, group)) = attributes.owner
        && (own.uid(), own.gid()) != (user, group)
    {
        fchown(file, Some(user), Some(group))?;
    }
    copy_extended(place, file)?;
    file.set_permissions(fs::Permissions::from_mode(attributes.mode))
}

#[cfg(not(unix))]
fn dress(_place: &Path, file: &File, attributes: &Attributes) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(attributes.mode & 0o200 == 0);
    file.set_permissions(permissions)
}

/// Extended attributes, access lists among them. Those that only the system may set are its own affair.
#[cfg(unix)]
fn copy_extended(place: &Path, file: &File) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fsetxattr, getxattr, listxattr};
    let mut names = vec![0_u8; 64 << 10];
    let length = match listxattr(place, &mut names[..]) {
        Ok(length) => length,
        // Nothing is there yet, or the file system knows none.
        Err(_) => return Ok(()),
    };
    for name in names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let mut value = vec![0_u8; 64 << 10];
        let Ok(length) = getxattr(place, name, &mut value[..]) else { continue };
        let set = fsetxattr(file, name, &value[..length], XattrFlags::empty());
        if let Err(error) = set
            && !name.starts_with(b"security.")
            && !name.starts_with(b"com.apple.")
        {
            return Err(error.into());
        }
    }
    Ok(())
}

#[cfg(not(windows))]
fn give_name(waiting: &Path, place: &Path) -> io::Result<()> {
    fs::rename(waiting, place)
}

/// Windows replaces no file that is read-only.
#[cfg(windows)]
fn give_name(waiting: &Path, place: &Path) -> io::Result<()> {
    if let Ok(metadata) = fs::metadata(place)
        && metadata.permissions().readonly()
    {
        let mut permissions = metadata.permissions();
        #[expect(clippy::permissions_set_readonly_false, reason = "on Windows this is the attribute alone")]
        permissions.set_readonly(false);
        fs::set_permissions(place, permissions)?;
    }
    fs::rename(waiting, place)
}

/// What was made in a folder is on the disk. Windows has nothing of the kind.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
