//! The schema: an append-only list of migrations, counted in `PRAGMA user_version`.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Result, StoreError};

/// The version that the first of the [`MIGRATIONS`] makes. Lower ones were those of programs before the first release.
const FIRST_VERSION: i64 = 10;

/// Every step from an empty file to today's schema. A step that was released is never edited: another is appended.
const MIGRATIONS: &[&str] = &[include_str!("schema.sql")];

/// The version this program writes.
pub(super) fn known() -> i64 {
    FIRST_VERSION + MIGRATIONS.len() as i64 - 1
}

/// The version of a database; 0 if it is empty.
pub(super) fn version(conn: &Connection) -> Result<i64> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Refuses a database that no migration leads from: a newer program wrote it, or one before the first release.
///
/// # Errors
/// [`StoreError::Newer`], [`StoreError::Unreleased`].
pub(super) fn refuse_unknown(conn: &Connection, path: &str) -> Result<()> {
    let (found, known, path) = (version(conn)?, known(), path.to_owned());
    if found > known {
        return Err(StoreError::Newer { path, found, known });
    }
    if 0 < found && found < FIRST_VERSION {
        return Err(StoreError::Unreleased { path, found, first: FIRST_VERSION });
    }
    Ok(())
}

/// Brings a database up to date, each step in a transaction of its own. Where there is something to lose, `before` is
/// called first with the version that was found.
///
/// # Errors
/// Those of [`refuse_unknown`], or what `before` fails with; nothing is touched then.
pub(super) fn migrate(
    conn: &mut Connection,
    path: &str,
    before: impl FnOnce(&Connection, i64) -> Result<()>,
) -> Result<()> {
    refuse_unknown(conn, path)?;
    let found = version(conn)?;
    if 0 < found && found < known() {
        before(conn, found)?;
    }
    for (version, sql) in (FIRST_VERSION..).zip(MIGRATIONS) {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Asked again under the lock: two processes may start at once.
        if self::version(&tx)? < version {
            tx.execute_batch(sql)?;
            tx.pragma_update(None, "user_version", version)?;
        }
        tx.commit()?;
    }
    Ok(())
}
