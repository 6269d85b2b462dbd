//! Between our values and SQLite's.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::Type;
use url::Url;

/// A time in whole seconds: what the database keeps, and all that feeds can say.
pub(super) fn seconds_opt(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_second)
}

pub(super) fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let seconds: i64 = row.get(column)?;
    Timestamp::from_second(seconds)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error)))
}

pub(super) fn moment_opt(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    match row.get::<_, Option<i64>>(column)? {
        Some(_) => moment(row, column).map(Some),
        None => Ok(None),
    }
}

pub(super) fn address(row: &Row<'_>, column: usize) -> rusqlite::Result<Url> {
    let text: String = row.get(column)?;
    Url::parse(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}

/// Reads a value that we wrote as JSON.
pub(super) fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
}
