//! The state folder: made if need be, and ours alone while we write.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::Path;

use anyhow::{Context, bail};

use crate::store::{FILE, owner};

/// Held for as long as the process uses the folder; the system lets go of it even after `kill -9`.
pub(super) struct Lock {
    _file: File,
}

/// Makes and locks the folder. Where there is a state already, a full disk or one that cannot be written does not stand in
/// the way: what is there can be served.
///
/// # Errors
/// If it cannot be used or another tinsach uses it, with what to do about it.
pub(super) fn claim(folder: &Path) -> anyhow::Result<Lock> {
    let shown = folder.display();
    let mend = "make it writable for this user, or change `state_dir` in tinsach.toml";
    owner::make_folder(folder).with_context(|| format!("cannot make the state folder {shown}; {mend}"))?;
    let mut file =
        open(folder).with_context(|| format!("cannot write into the state folder {shown}; {mend}"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let who = holder(&mut file).map(|id| format!(" (process {id})")).unwrap_or_default();
            bail!(
                "another tinsach{who} uses the state folder {shown}; stop it first, or give this one a `state_dir` of its own"
            )
        }
        Err(TryLockError::Error(fault)) => {
            Err(fault).with_context(|| format!("cannot lock the state folder {shown}"))?
        }
    }
    if let Err(fault) = sign(&mut file) {
        tracing::debug!(%fault, "the lock does not say whose it is");
    }
    Ok(Lock { _file: file })
}

/// What is locked: a file in the folder, else the folder itself.
fn open(folder: &Path) -> io::Result<File> {
    let path = folder.join("lock");
    let made = File::options().create(true).truncate(false).read(true).write(true).open(&path);
    let fault = match made {
        Ok(file) => {
            if let Err(fault) = owner::give_to_owner_of(folder, &file) {
                tracing::warn!(%fault, "the lock of the state folder stays with root");
            }
            return Ok(file);
        }
        Err(fault) => fault,
    };
    let may_pass = matches!(
        fault.kind(),
        ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::PermissionDenied
    );
    if !may_pass || !has_state(folder) {
        return Err(fault);
    }
    tracing::error!(%fault, folder = %folder.display(), "the state folder cannot be written; what is there is served");
    File::open(path).or_else(|_| File::open(folder))
}

fn has_state(folder: &Path) -> bool {
    folder.join(FILE).exists()
        || fs::read_dir(folder.join("editions")).is_ok_and(|mut files| files.next().is_some())
}

/// Writes down whose the lock is.
fn sign(file: &mut File) -> io::Result<()> {
    if !file.metadata()?.is_file() {
        return Ok(());
    }
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

/// Whose the lock is, if its file says so.
fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(20).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::disk::Disk;

    #[test]
    fn a_disk_that_cannot_be_written_is_in_the_way_only_where_nothing_is() {
        let Some(disk) = Disk::small() else { return };
        disk.read_only(true);
        let refused = claim(&disk.at).err().expect("nothing to serve").to_string();
        assert!(refused.contains("`state_dir`"), "{refused}");
        for has_lock in [false, true] {
            disk.read_only(false);
            fs::write(disk.at.join(FILE), "x").expect("written");
            if has_lock {
                drop(claim(&disk.at).expect("free"));
                disk.fill();
                drop(claim(&disk.at).expect("a full disk has room for no number"));
                disk.free();
            }
            disk.read_only(true);
            let _first = claim(&disk.at).expect("what is there can be served");
            assert!(claim(&disk.at).is_err(), "a lock all the same, with a file: {has_lock}");
        }
    }

    #[test]
    fn who_comes_second_hears_whose_the_folder_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = folder.path().join("made/for/it");
        let first = claim(&state).expect("free");
        let refused = claim(&state).err().expect("taken").to_string();
        let own = format!("(process {})", std::process::id());
        assert!(refused.contains(&own) && refused.contains(&state.display().to_string()), "{refused}");
        drop(first);
        // What a longer number left behind is not taken for a part of this one's.
        std::fs::write(state.join("lock"), "4294967295\n").expect("written");
        let _first = claim(&state).expect("free again");
        let refused = claim(&state).err().expect("taken").to_string();
        assert!(refused.contains(&own), "{refused}");
    }
}
