//! The files of a copy.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::ExportError;
use crate::publish::Coding;
use crate::serve::Resource;

/// The list of what the copy wrote, a path a line.
const LIST: &str = ".tinsach-export";
/// What is compressed already.
const PACKED: &[&str] = &["png", "ico"];

pub(super) struct Folder {
    root: PathBuf,
    /// Files that this copy wrote or found current.
    current: BTreeSet<String>,
    /// Files that it took away.
    gone: BTreeSet<String>,
}

impl Folder {
    pub(super) fn open(root: &Path) -> Result<Self, ExportError> {
        fs::create_dir_all(root).map_err(|fault| failed(root, fault))?;
        Ok(Self { root: root.to_owned(), current: BTreeSet::new(), gone: BTreeSet::new() })
    }

    /// Writes a resource with its compressed siblings if it is new or has changed, and answers whether it was.
    pub(super) async fn put(&mut self, path: &str, resource: Resource) -> Result<bool, ExportError> {
        let Some(name) = file_name(path) else { return Ok(false) };
        self.current.insert(name.clone());
        let root = self.root.clone();
        blocking(&self.root, move || put(&root.join(name), &resource)).await
    }

    /// Removes what an earlier copy wrote at a path that has nothing any more, and answers whether it did.
    pub(super) async fn take_away(&mut self, path: &str) -> Result<bool, ExportError> {
        let Some(name) = file_name(path) else { return Ok(false) };
        self.current.remove(&name);
        self.gone.insert(name.clone());
        let root = self.root.clone();
        blocking(&self.root, move || {
            let is_there = root.join(&name).exists();
            if is_there {
                remove(&root, &name)?;
            }
            Ok(is_there)
        })
        .await
    }

    /// Ends the copy. A whole one removes what an earlier copy wrote and this one did not; another only remembers what
    /// it added.
    pub(super) async fn close(self, whole: bool) -> Result<usize, ExportError> {
        let Self { root, mut current, gone } = self;
        let place = root.clone();
        blocking(&place, move || {
            let before: BTreeSet<String> = match fs::read_to_string(root.join(LIST)) {
                Ok(list) => list.lines().map(str::to_owned).collect(),
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => BTreeSet::new(),
                Err(fault) => return Err(fault),
            };
            let mut removed = 0;
            if whole {
                for name in before.difference(&current) {
                    // The list is a file that anybody may have edited: nothing outside the folder is touched.
                    if file_name(&format!("/{name}")).as_deref() == Some(name) {
                        remove(&root, name)?;
                        removed += 1;
                    }
                }
            } else {
                current.extend(before.difference(&gone).cloned());
            }
            let list: Vec<&str> = current.iter().map(String::as_str).collect();
            replace(&root.join(LIST), list.join("\n").as_bytes(), None)?;
            Ok(removed)
        })
        .await
    }
}

/// The file of a path of ours, relative to the folder: a page is an `index.html` in a folder of its name, so that every
/// web server finds it and knows its type. `None` for a path that leaves the folder.
fn file_name(path: &str) -> Option<String> {
    let path = path.strip_prefix('/')?;
    let is_odd = |part: &str| part.is_empty() || part.starts_with('.') || part.contains('\\');
    let trimmed = path.strip_suffix('/').unwrap_or(path);
    if !trimmed.is_empty() && trimmed.split('/').any(is_odd) {
        return None;
    }
    let last = trimmed.rsplit('/').next().unwrap_or_default();
    Some(match (trimmed, last.contains('.')) {
        ("", _) => "index.html".to_owned(),
        (path, true) => path.to_owned(),
        (path, false) => format!("{path}/index.html"),
    })
}

fn put(file: &Path, resource: &Resource) -> io::Result<bool> {
    let is_packed = file.extension().is_some_and(|kind| PACKED.iter().any(|packed| kind == *packed));
    match fs::read(file) {
        Ok(bytes) if bytes == resource.bytes => return Ok(false),
        Ok(_) => {}
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
        Err(fault) => return Err(fault),
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let changed = resource.changed.and_then(|at| SystemTime::try_from(at).ok());
    for coding in Coding::ALL.into_iter().filter(|coding| *coding != Coding::Identity && !is_packed) {
        replace(&sibling(file, coding), &coding.encode(&resource.bytes), changed)?;
    }
    // Last: the copy is current when the plain file is.
    replace(file, &resource.bytes, changed)?;
    Ok(true)
}

/// Writes a file beside its place and renames it. Without fsync: a copy can be made again, and is compared byte by byte.
fn replace(file: &Path, bytes: &[u8], changed: Option<SystemTime>) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let temporary = file.with_file_name(name);
    let mut new = File::create(&temporary)?;
    new.write_all(bytes)?;
    if let Some(changed) = changed {
        new.set_modified(changed)?;
    }
    drop(new);
    fs::rename(&temporary, file)
}

fn sibling(file: &Path, coding: Coding) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(coding.suffix());
    name.into()
}

/// Removes a file, its siblings, and its folder if that is empty then.
fn remove(root: &Path, name: &str) -> io::Result<()> {
    let file = root.join(name);
    for coding in Coding::ALL {
        match fs::remove_file(sibling(&file, coding)) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
            _ => {}
        }
    }
    match file.parent().map(fs::remove_dir) {
        Some(Err(fault))
            if !matches!(fault.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotFound) =>
        {
            Err(fault)
        }
        _ => Ok(()),
    }
}

fn failed(root: &Path, fault: io::Error) -> ExportError {
    ExportError::Files { folder: root.display().to_string(), fault }
}

async fn blocking<T: Send + 'static>(
    root: &Path,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ExportError> {
    let done = tokio::task::spawn_blocking(work).await.unwrap_or_else(|fault| Err(io::Error::other(fault)));
    done.map_err(|fault| failed(root, fault))
}
