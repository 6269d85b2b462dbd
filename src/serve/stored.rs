//! Editions as files of the state folder: one file each, so that one rename swaps every coding at once.
//!
//! A file is a line of JSON that describes it and then the bodies, one after the other.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::publish::{Body, Coding, Edition};
use crate::store::owner;

/// The plain body begins at a multiple of this, so that the kernel sends whole pages; the first line is padded for it.
const PAGE_BYTES: usize = 4096;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    content_type: String,
    link: String,
    last_modified: Option<Timestamp>,
    entries: usize,
    /// Name and length of each coding, in the order of the bodies.
    bodies: Vec<(String, u64)>,
}

/// An edition with how many entries it holds: what tells an empty feed from a full one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub edition: Edition,
    pub entries: usize,
}

/// The file of an edition; `name` is that of the feed with its extension, `haiphong.atom`.
pub fn file_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.edition"))
}

/// Writes an edition in place of the one before, and hands its file back: readers see the old or the new one, also after
/// a crash. The file ends with the plain body.
pub fn write(folder: &Path, name: &str, kept: &Kept) -> io::Result<File> {
    let edition = &kept.edition;
    let header = Header {
        content_type: edition.content_type.clone(),
        link: edition.link.clone(),
        last_modified: edition.last_modified,
        entries: kept.entries,
        bodies: edition
            .bodies
            .iter()
            .map(|body| (body.coding.name().to_owned(), body.bytes.len() as u64))
            .collect(),
    };
    let mut bytes = serde_json::to_vec(&header)?;
    let packed: usize = edition.bodies.iter().rev().skip(1).map(|body| body.bytes.len()).sum();
    let before = bytes.len() + 1 + packed;
    bytes.resize(bytes.len() + before.next_multiple_of(PAGE_BYTES) - before, b' ');
    bytes.push(b'\n');
    for body in &edition.bodies {
        bytes.extend_from_slice(&body.bytes);
    }
    replace(&file_of(folder, name), &bytes)
}

/// Puts `bytes` in place of a file, whole and lasting: temporary file, fsync, rename, fsync of the folder.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let folder = path.parent().ok_or_else(|| io::Error::other("a file without a folder"))?;
    owner::make_folder(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let temporary = folder.join(name);
    // Not the file of an attempt that was cut short: somebody may still be sending from that.
    match fs::remove_file(&temporary) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
        _ => {}
    }
    let mut file = File::create_new(&temporary)?;
    let written = file.write_all(bytes).and_then(|()| {
        owner::give_to_owner_of(folder, &file)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    });
    if let Err(fault) = written {
        // Half a file would only take up what room there is; where it cannot go either, the next attempt removes it.
        fs::remove_file(&temporary).ok();
        return Err(fault);
    }
    File::open(folder)?.sync_all()?;
    File::open(path)
}

/// Reads an edition back, with its file. A file that is cut or was written by another version is an error of kind `InvalidData`.
pub fn read(folder: &Path, name: &str) -> io::Result<(Kept, File)> {
    let mut file = BufReader::new(File::open(file_of(folder, name))?);
    let header = header(&mut file)?;
    let mut bodies = Vec::with_capacity(header.bodies.len());
    for (coding, length) in &header.bodies {
        let coding = Coding::ALL
            .into_iter()
            .find(|known| known.name() == coding)
            .ok_or_else(|| invalid("an unknown coding"))?;
        let mut bytes = Vec::new();
        file.by_ref().take(*length).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != *length {
            return Err(invalid("the file is cut"));
        }
        bodies.push(Body::new(coding, Bytes::from(bytes)));
    }
    if bodies.last().is_none_or(|body| body.coding != Coding::Identity) {
        return Err(invalid("the plain body is missing"));
    }
    let edition = Edition {
        content_type: header.content_type,
        link: header.link,
        last_modified: header.last_modified,
        bodies,
    };
    Ok((Kept { edition, entries: header.entries }, file.into_inner()))
}

fn header(file: &mut impl BufRead) -> io::Result<Header> {
    let mut line = Vec::new();
    file.take(64 * 1024).read_until(b'\n', &mut line)?;
    serde_json::from_slice(&line).map_err(|fault| invalid(&fault.to_string()))
}

/// The editions of a folder that cannot be read, with the reason. One that is not there is none.
pub fn unreadable(folder: &Path) -> Vec<(String, io::Error)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let names = names.filter_map(|name| Some(name.strip_suffix(".edition")?.to_owned()));
    names.filter_map(|name| read(folder, &name).err().map(|fault| (name, fault))).collect()
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}
