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
    /// Owner and group, where they are not the account's own. On Unix.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are access lists instead, which the folder gives"))]
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

/// Writes the new file beside the place, down to the disk. It has what the one has whose place it is to take: extended
/// attributes, access lists among them.
pub(super) fn write(place: &Path, waiting: &Path, bytes: &[u8], attributes: &Attributes) -> io::Result<()> {
    let written = (|| {
        let mut file = private().create_new(true).write(true).open(waiting)?;
        file.write_all(bytes)?;
        dress(place, &file, attributes)?;
        file.sync_all()
    })();
    if written.is_err() {
        let _nothing_there = fs::remove_file(waiting);
    }
    written
}

/// Gives the file that waits its place.
pub(super) fn take_place(waiting: &Path, place: &Path) -> io::Result<()> {
    give_name(waiting, place)?;
    sync_folder_of(place)
}

/// Gives a file another name, where nothing has that name yet.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    rename_exclusively(from, to)?;
    sync_folder_of(to)
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn rename_exclusively(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // File systems that cannot tell.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rename_if_free(from, to),
        done => Ok(done?),
    }
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn rename_exclusively(from: &Path, to: &Path) -> io::Result<()> {
    rename_if_free(from, to)
}

fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
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
    // Last: a change of the owner takes bits away, and an access list has its own say.
    file.set_permissions(fs::Permissions::from_mode(attributes.mode))
}

#[cfg(not(unix))]
fn dress(_place: &Path, file: &File, attributes: &Attributes) -> io::Result<()> {
    let mut permissions = file.metadata()?.permissions();
    permissions.set_readonly(attributes.mode & 0o200 == 0);
    file.set_permissions(permissions)
}

/// Gives the new file the extended attributes of the one whose place it takes, and takes away what its folder gave it.
/// Those that only the system sets are its own affair.
#[cfg(unix)]
fn copy_extended(place: &Path, file: &File) -> io::Result<()> {
    use rustix::fs::{XattrFlags, flistxattr, fremovexattr, fsetxattr, getxattr, getxattr_query, listxattr};
    use rustix::io::Errno;
    let is_the_systems = |name: &[u8]| name.starts_with(b"security.") || name.starts_with(b"com.apple.");
    let mut names = vec![0_u8; 64 << 10];
    let length = match listxattr(place, &mut names[..]) {
        Ok(length) => length,
        // Nothing is there yet, or the file system knows none.
        Err(Errno::NOENT | Errno::NOTSUP | Errno::NOSYS | Errno::PERM | Errno::ACCESS) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let names: Vec<&[u8]> = names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()).collect();
    for name in &names {
        let copied = getxattr_query(place, *name).and_then(|size| {
            let mut value = vec![0_u8; size];
            let size = if size == 0 { 0 } else { getxattr(place, *name, &mut value[..])? };
            fsetxattr(file, *name, &value[..size], XattrFlags::empty())
        });
        match copied {
            Ok(()) | Err(Errno::NODATA) => {}
            Err(_) if is_the_systems(name) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut given = vec![0_u8; 64 << 10];
    let length = flistxattr(file, &mut given[..]).unwrap_or(0);
    for name in given[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        if !names.contains(&name) && !is_the_systems(name) {
            fremovexattr(file, name)?;
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
    let locked = fs::metadata(place).ok().map(|is| is.permissions()).filter(fs::Permissions::readonly);
    if let Some(locked) = &locked {
        let mut open = locked.clone();
        #[expect(clippy::permissions_set_readonly_false, reason = "on Windows this is the attribute alone")]
        open.set_readonly(false);
        fs::set_permissions(place, open)?;
    }
    let renamed = fs::rename(waiting, place);
    if let (Err(_), Some(locked)) = (&renamed, locked) {
        let _as_it_was = fs::set_permissions(place, locked);
    }
    renamed
}

/// What was made in a folder is on the disk. Windows has nothing of the kind, nor have some file systems; a folder that
/// may not be read cannot be asked for it.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        let cannot = |error: &io::Error| {
            use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
            matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported)
        };
        synced.or_else(|error| if cannot(&error) { Ok(()) } else { Err(error) })
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(())
    }
}

/// The same of the folder that a path lies in.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Removes a file for good.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    #[cfg(windows)]
    if let Ok(metadata) = fs::metadata(path) {
        let mut open = metadata.permissions();
        #[expect(clippy::permissions_set_readonly_false, reason = "on Windows this is the attribute alone")]
        open.set_readonly(false);
        fs::set_permissions(path, open)?;
    }
    fs::remove_file(path)?;
    sync_folder_of(path)
}

/// Gives a file other permission bits.
#[cfg(unix)]
pub(super) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    match File::open(path) {
        Ok(file) if file.metadata()?.is_file() || file.metadata()?.is_dir() => file.sync_all(),
        // What cannot be opened is synced by the system in its own time.
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
pub(super) fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}
