//! Copies of the database: written while it is in use, packed or plain, under dated names, and read back.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;

use super::error::{Result, StoreError};
use super::open::beside;
use super::owner;

/// The folder of automatic copies in the state folder.
pub const BACKUP_FOLDER: &str = "backups";
/// What an automatic copy's name begins with.
const DATED_PREFIX: &str = "tinsach-";
/// What the name of a copy before a change of the schema begins with.
const SCHEMA_PREFIX: &str = "schema-";
/// What every automatic copy's name ends with.
const COPY_SUFFIX: &str = ".db.zst";
/// Copies before a change of the schema that are kept.
const MAX_SCHEMA_COPIES: usize = 2;
/// The extension that says that a copy is to be packed.
const PACKED_EXTENSION: &str = "zst";
/// Most of a database is packed already: higher levels take longer and save a hundredth.
const ZSTD_LEVEL: i32 = 3;
/// How a zstd frame begins (RFC 8878 section 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A copy that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The file.
    pub file: PathBuf,
    /// Entries in it, without those that were taken down.
    pub articles: u64,
    /// Sources that it knows.
    pub sources: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
}

/// Writes a consistent copy of a database: one read transaction, whatever is committed meanwhile. It is packed if its name
/// ends in `.zst`, and has its name only when it is whole.
pub(super) fn write(conn: &Connection, to: &Path) -> Result<Copied> {
    let part = PartialFile(beside(to, ".part"));
    let plain = PartialFile(beside(to, ".plain.part"));
    let fault = |error: io::Error| refused(to, error.to_string());
    for one in [&part, &plain] {
        one.clear().map_err(fault)?;
    }
    let is_packed = to.extension().is_some_and(|extension| extension == PACKED_EXTENSION);
    let first = if is_packed { &plain } else { &part };
    let name = first.0.to_str().ok_or_else(|| refused(to, "its name is not UTF-8".to_owned()))?;
    conn.execute("VACUUM INTO ?1", [name]).map_err(|error| {
        let why = error.to_string();
        match StoreError::from(error) {
            StoreError::Write(_) | StoreError::Sql(_) => refused(to, why),
            other => other,
        }
    })?;
    let copy = Connection::open_with_flags(&first.0, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (articles, sources) = counts(&copy)?;
    drop(copy);
    if is_packed {
        pack(&plain.0, &part.0).map_err(fault)?;
    }
    let file = File::open(&part.0).map_err(fault)?;
    if let Some(folder) = folder_of(to) {
        owner::give_to_owner_of(folder, &file).map_err(fault)?;
    }
    file.sync_all().map_err(fault)?;
    fs::rename(&part.0, to).map_err(fault)?;
    let bytes = fs::metadata(to).map_err(fault)?.len();
    Ok(Copied { file: to.to_owned(), articles, sources, bytes })
}

fn folder_of(file: &Path) -> Option<&Path> {
    file.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

fn refused(to: &Path, why: String) -> StoreError {
    StoreError::Copy { file: to.display().to_string(), why }
}

/// A file on its way, which goes when it was not taken to its end.
struct PartialFile(PathBuf);

impl PartialFile {
    fn clear(&self) -> io::Result<()> {
        remove(&self.0)
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if let Err(fault) = self.clear() {
            tracing::warn!(%fault, file = %self.0.display(), "a half copy stays");
        }
    }
}

pub(super) fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}

/// How many entries of how many sources a database holds.
pub(super) fn counts(conn: &Connection) -> Result<(u64, u64)> {
    let sql = "SELECT ifnull(sum(entries), 0), count(*) FROM source";
    let (articles, sources): (i64, i64) = conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((articles.unsigned_abs(), sources.unsigned_abs()))
}

fn pack(from: &Path, to: &Path) -> io::Result<()> {
    let mut reader = BufReader::new(File::open(from)?);
    let mut packer = zstd::Encoder::new(BufWriter::new(File::create_new(to)?), ZSTD_LEVEL)?;
    packer.include_checksum(true)?;
    io::copy(&mut reader, &mut packer)?;
    packer.finish()?.flush()
}

/// Writes what a copy holds, packed or plain, to `to`.
pub(super) fn unpack(copy: &Path, to: &Path) -> io::Result<()> {
    let mut reader = BufReader::new(File::open(copy)?);
    let mut magic = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut magic)?;
    let whole = io::Cursor::new(magic.clone()).chain(reader);
    let mut file = File::create(to)?;
    if magic == ZSTD_MAGIC {
        io::copy(&mut zstd::Decoder::new(whole)?, &mut file)?;
    } else {
        io::copy(&mut { whole }, &mut file)?;
    }
    file.sync_all()
}

/// A time in UTC as it stands in names, whose order is that of times then.
pub(super) fn stamp(now: Timestamp) -> String {
    now.strftime("%Y-%m-%d-%H%M%S").to_string()
}

/// Whether `name` is `head`, a time as [`stamp`] writes it, and the tail of copies; answers the time.
fn stamp_in<'a>(name: &'a str, head: &str) -> Option<&'a str> {
    let stamp = name.strip_prefix(head)?.strip_suffix(COPY_SUFFIX)?;
    let is_right =
        |(letter, form): (u8, u8)| if form == b'0' { letter.is_ascii_digit() } else { letter == form };
    let form = b"0000-00-00-000000";
    (stamp.len() == form.len() && stamp.bytes().zip(*form).all(is_right)).then_some(stamp)
}

fn dated(name: &str) -> Option<&str> {
    stamp_in(name, DATED_PREFIX)
}

fn of_schema(name: &str) -> Option<&str> {
    let (version, rest) = name.strip_prefix(SCHEMA_PREFIX)?.split_once('-')?;
    version.parse::<u32>().ok()?;
    stamp_in(rest, "")
}

/// Writes a copy under a dated name into a folder, which is made if it is not there, and removes the oldest of such names
/// that are more than `keep`. Files of other names are left alone.
pub(super) fn write_dated(conn: &Connection, folder: &Path, keep: usize, now: Timestamp) -> Result<Copied> {
    let file = folder.join(format!("{DATED_PREFIX}{}{COPY_SUFFIX}", stamp(now)));
    owner::make_folder(folder).map_err(|error| refused(&file, error.to_string()))?;
    let copied = write(conn, &file)?;
    prune(folder, keep, dated);
    Ok(copied)
}

fn prune(folder: &Path, keep: usize, stamp_of: fn(&str) -> Option<&str>) {
    for old in stamped(folder, stamp_of).into_iter().skip(keep) {
        if let Err(fault) = fs::remove_file(&old) {
            tracing::warn!(%fault, file = %old.display(), "an old copy could not be removed");
        }
    }
}

/// The files of a folder with a time in their names, the newest first.
fn stamped(folder: &Path, stamp_of: impl Fn(&str) -> Option<&str>) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut found: Vec<(String, PathBuf)> =
        names.filter_map(|name| Some((stamp_of(&name)?.to_owned(), folder.join(&name)))).collect();
    found.sort_unstable();
    found.into_iter().rev().map(|(_, file)| file).collect()
}

/// The automatic copies of a database, the newest first.
pub(super) fn automatic(database: &Path) -> Vec<PathBuf> {
    let folder = database.with_file_name(BACKUP_FOLDER);
    stamped(&folder, |name| dated(name).or_else(|| of_schema(name)))
}

/// Keeps a copy of a database of an earlier schema before that is changed.
pub(super) fn before_migration(conn: &Connection, database: &Path, found: i64) -> Result<()> {
    let folder = database.with_file_name(BACKUP_FOLDER);
    let file = folder.join(format!("{SCHEMA_PREFIX}{found}-{}{COPY_SUFFIX}", stamp(Timestamp::now())));
    let copied = owner::make_folder(&folder)
        .map_err(|error| refused(&file, error.to_string()))
        .and_then(|()| write(conn, &file))
        // The database is not touched until there is a copy; the next write tries again.
        .map_err(|error| {
            StoreError::Write(format!("no backup before the update of the database: {error}"))
        })?;
    tracing::info!(file = %copied.file.display(), "kept a backup of the database before its update");
    prune(&folder, MAX_SCHEMA_COPIES, of_schema);
    Ok(())
}
