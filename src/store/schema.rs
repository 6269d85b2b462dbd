//! The schema: an append-only list of migrations, counted in `PRAGMA user_version`.

use rusqlite::{Connection, TransactionBehavior};

use super::error::{Result, StoreError};

/// Every step from an empty file to today's schema. A step that was released is never edited: another is appended.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
    include_str!("schema/0005.sql"),
    include_str!("schema/0006.sql"),
    include_str!("schema/0007.sql"),
    include_str!("schema/0008.sql"),
    include_str!("schema/0009.sql"),
];

/// The version this program writes.
pub(super) fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Brings a database up to date, each step in a transaction of its own. Where there is something to lose, `before` is
/// called first with the version that was found.
///
/// # Errors
/// [`StoreError::Newer`] if a newer program wrote it, or what `before` fails with; nothing is touched then.
pub(super) fn migrate(
    conn: &mut Connection,
    path: &str,
    before: impl FnOnce(&Connection, i64) -> Result<()>,
) -> Result<()> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known() {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: known() });
    }
    if 0 < found && found < known() {
        before(conn, found)?;
    }
    for (step, sql) in MIGRATIONS.iter().enumerate() {
        let version = i64::try_from(step).unwrap_or(i64::MAX) + 1;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Asked again under the lock: two processes may start at once.
        let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if found < version {
            tx.execute_batch(sql)?;
            tx.pragma_update(None, "user_version", version)?;
        }
        tx.commit()?;
    }
    Ok(())
}
