//! Whom files belong to: what root writes for a service must be the service's, or that cannot use it later.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

/// Gives an open file the owner and group that `model` has, where they differ and this user may do that.
///
/// # Errors
/// If this user may not give files away, or the file system has no owners.
pub fn give_to(file: &File, model: &Metadata) -> io::Result<()> {
    let own = file.metadata()?;
    if (own.uid(), own.gid()) == (model.uid(), model.gid()) {
        return Ok(());
    }
    fchown(file, Some(model.uid()), Some(model.gid()))
}

/// Gives a file that stands in `folder` to whom the folder belongs, if this process is root. Anybody else writes files that
/// are their own, as they should be.
///
/// # Errors
/// If the file or the folder cannot be looked at or the file cannot be given away.
pub fn give_to_owner_of(folder: &Path, file: &File) -> io::Result<()> {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    give_to(file, &std::fs::metadata(folder)?)
}

/// The same for a file that must not be opened for it: closing a file lets go of every lock that this process has on it.
///
/// # Errors
/// As [`give_to_owner_of`].
pub(super) fn give_by_name(folder: &Path, file: &Path) -> io::Result<()> {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let model = std::fs::metadata(folder)?;
    std::os::unix::fs::chown(file, Some(model.uid()), Some(model.gid()))
}

/// Whether this user may read a file, found out without opening it.
pub(super) fn may_read(file: &Path) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    Ok(accessat(CWD, file, Access::READ_OK, AtFlags::EACCESS)?)
}

/// Makes `folder` with all above it, and gives each that it had to make to whom the one above belongs, if this process is
/// root.
///
/// # Errors
/// If a folder cannot be made.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_folder(above)?;
    }
    match std::fs::create_dir(folder) {
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(fault) => Err(fault),
        Ok(()) => above.map_or(Ok(()), |above| give_to_owner_of(above, &File::open(folder)?)),
    }
}

/// Owner, group and mode of a file, to be given to the one that takes its place.
pub(super) fn like(file: &File, model: &Metadata) -> io::Result<()> {
    match give_to(file, model) {
        // Anybody but root makes files that are their own; another group is all that may differ.
        Err(fault) if rustix::process::geteuid().is_root() => return Err(fault),
        _ => {}
    }
    // A folder's bits for searching mean nothing on a file.
    file.set_permissions(std::fs::Permissions::from_mode(model.mode() & 0o666))
}
