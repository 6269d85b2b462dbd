//! Why the store could not do what it was asked, by what the caller does next.

use rusqlite::ErrorCode;

/// Why the store could not do what it was asked, by what the caller does next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database was written by a newer version: the start stops.
    #[error(
        "{path} was written by a newer tinsach (schema {found}, this one knows {known}); run that version, or restore an older backup"
    )]
    Newer {
        /// The file.
        path: String,
        /// Its schema version.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The database is of an earlier version, and whoever asks may only read: the daemon brings it up to date.
    #[error(
        "{path} was written by an earlier tinsach (schema {found}, this one reads {known}); start or restart tinsach once, which brings it up to date"
    )]
    Older {
        /// The file.
        path: String,
        /// Its schema version.
        found: i64,
        /// The one that this program reads.
        known: i64,
    },
    /// The database was written before the first release: the start stops.
    #[error(
        "{path} was written by a tinsach before the first release (schema {found}, the first released one is {first}) and cannot be brought up to date; move it away and start tinsach again: everything is fetched anew, under the same ids"
    )]
    Unreleased {
        /// The file.
        path: String,
        /// Its schema version.
        found: i64,
        /// The first that this program brings up to date.
        first: i64,
    },
    /// The folder or file cannot be opened at all: the start stops.
    #[error("cannot open the database {path}: {why}")]
    Open {
        /// The file.
        path: String,
        /// What SQLite or the system said, and what to do.
        why: String,
    },
    /// The disk is full or failing, or the file is locked or read-only: the visit ends, the daemon goes on serving, and
    /// the next write tries again.
    #[error("the database cannot be written: {0}")]
    Write(String),
    /// A copy of the database cannot be written where it was asked for: the database itself is as it was.
    #[error("{why}; the folder of {file} must be there, be writable and have room")]
    Copy {
        /// Which file.
        file: String,
        /// What the system or SQLite said.
        why: String,
    },
    /// One stored value is damaged: what needs it fails, everything else goes on. An article heals when it is read again.
    #[error("a stored value is damaged: {0}; `tinsach check --deep` says which are")]
    Damaged(String),
    /// The file is damaged: what needs the damaged part fails, everything else goes on. The next start sets the file aside
    /// and takes the newest good backup.
    #[error(
        "the database is damaged: {0}; `tinsach check --deep` says what is; a restart sets a damaged file aside and takes the newest backup, `tinsach restore FILE` takes another"
    )]
    Corrupt(String),
    /// A search that will not be run: answer 400 with this reason.
    #[error("{0}")]
    Query(String),
    /// A search that took longer than it may: answer 503.
    #[error("the search took too long; use rarer words")]
    Slow,
    /// Anything else SQLite said: a fault of ours.
    #[error("database: {0}")]
    Sql(String),
    /// The store was closed while the call was under way.
    #[error("the store is closed")]
    Closed,
}

/// What a store method returns.
pub type Result<T> = std::result::Result<T, StoreError>;

/// What ends the message of a full disk.
const MAKE_ROOM: &str = "free some space in the state folder";

impl StoreError {
    /// Whether the disk is full, of what stands in the way of writing.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Write(why) if why.ends_with(MAKE_ROOM))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
        };
        let text = error.to_string();
        if let FromSqlConversionFailure(..)
        | IntegralValueOutOfRange(..)
        | InvalidColumnType(..)
        | Utf8Error(..) = error
        {
            return Self::Damaged(text);
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Write(format!("{text}; {MAKE_ROOM}")),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Self::Write(format!("{text}; the state folder must be writable"))
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Write(format!("{text}; another program holds it"))
            }
            Some(ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory) => Self::Write(text),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt(text),
            Some(ErrorCode::OperationInterrupted) => Self::Slow,
            _ => Self::Sql(text),
        }
    }
}
