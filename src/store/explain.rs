//! What is known of an address, for `tinsach explain`.

use rusqlite::{Connection, OptionalExtension, Row};
use url::Url;

use super::codec::Codec;
use super::convert::moment_opt;
use super::error::Result;
use super::values::Explained;
use super::{aliases, articles, frontier, held};
use crate::model::UrlKey;

/// What is known of an address, whichever source it belongs to.
pub(super) fn explain(conn: &Connection, codec: &mut Codec, url: &Url) -> Result<Option<Explained>> {
    let Some(row) = find(conn, UrlKey::of(url).as_str())? else { return Ok(None) };
    let Some(entry) = frontier::entry(conn, codec, row)? else { return Ok(None) };
    let mut select =
        conn.prepare_cached("SELECT due, verdict, trouble, article FROM frontier WHERE row = ?1")?;
    let read =
        |row: &Row<'_>| Ok((moment_opt(row, 0)?, row.get(1)?, row.get(2)?, row.get::<_, Option<i64>>(3)?));
    let (due, verdict, trouble, read_as) = select.query_row([row], read)?;
    let article = entry.article.map_or(Ok(None), |row| articles::by_row(conn, codec, row));
    // Of a damaged article all the rest is told.
    let article = codec.pass_over(article)?.flatten();
    let aliases = read_as.map(|article| addresses(conn, article)).transpose()?.unwrap_or_default();
    let held = held::of(conn, codec, row)?;
    Ok(Some(Explained { entry, due, article, aliases, verdict, trouble, held }))
}

/// The frontier row of an address: its own, else that of the article it is an alias of.
fn find(conn: &Connection, address: &str) -> Result<Option<i64>> {
    let mut own =
        conn.prepare_cached("SELECT row FROM frontier WHERE address = ?1 ORDER BY source LIMIT 1")?;
    if let Some(row) = own.query_row([address], |row| row.get(0)).optional()? {
        return Ok(Some(row));
    }
    let mut by_alias = conn.prepare_cached(
        "SELECT f.row FROM alias AS n JOIN frontier AS f ON f.article = n.article
         WHERE n.address = ?1 ORDER BY f.due IS NULL, f.row LIMIT 1",
    )?;
    Ok(by_alias.query_row([address], |row| row.get(0)).optional()?)
}

/// Every address of an article, without the names that have no host.
fn addresses(conn: &Connection, article: i64) -> Result<Vec<UrlKey>> {
    let mut addresses = Vec::new();
    for name in aliases::names_of(conn, article)? {
        if let (Some(_), Ok(url)) =
            (name.find('/').filter(|at| *at > 0), Url::parse(&format!("https://{name}")))
        {
            addresses.push(UrlKey::of(&url));
        }
    }
    Ok(addresses)
}
