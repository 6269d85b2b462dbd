//! Which known article a read page is: by the portal's own key, else by an address it answers to.

use rusqlite::{Connection, OptionalExtension, Row, params};
use url::Url;

use super::error::Result;
use crate::model::{Article, Key, UrlKey};

/// A member as identity and judgement need it.
pub(super) struct Member {
    pub(super) row: i64,
    pub(super) published: i64,
    pub(super) updated: i64,
    pub(super) words: Vec<u8>,
    pub(super) digest: Vec<u8>,
    pub(super) gone: bool,
    pub(super) url: String,
}

const MEMBER: &str =
    "SELECT a.row, a.published, a.updated, a.words, a.digest, a.gone IS NOT NULL, a.url FROM article AS a";

fn read(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        row: row.get(0)?,
        published: row.get(1)?,
        updated: row.get(2)?,
        words: row.get(3)?,
        digest: row.get(4)?,
        gone: row.get(5)?,
        url: row.get(6)?,
    })
}

fn by_name(conn: &Connection, source: i64, name: &str) -> Result<Option<Member>> {
    let mut select = conn.prepare_cached(&format!(
        "{MEMBER} WHERE a.row = (SELECT article FROM alias WHERE address = ?1 AND source = ?2)"
    ))?;
    Ok(select.query_row(params![name, source], read).optional()?)
}

/// The names of an article.
pub(super) struct Names {
    /// Its key, its canonical address, and path and query of that: nobody else's.
    pub(super) own: Vec<String>,
    /// The other addresses that it answers to.
    pub(super) other: Vec<String>,
}

impl Names {
    /// The names of a read page.
    pub(super) fn of(article: &Article, aliases: &[Url]) -> Self {
        let mut own = vec![article.key.to_text()];
        push(&mut own, &article.url, true);
        let mut other = Vec::new();
        for url in aliases {
            // Without the host, so that a portal which moves keeps its articles.
            push(&mut other, url, url.host_str() == article.url.host_str());
        }
        other.retain(|name| !own.contains(name));
        other.sort();
        other.dedup();
        Self { own, other }
    }

    /// All of them, surest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.own.iter().chain(&self.other).map(String::as_str)
    }
}

/// Adds an address with and without its host. The front page answers for many a dead address: it is no article's name.
fn push(names: &mut Vec<String>, url: &Url, with_path: bool) {
    let path = UrlKey::path_of(url);
    if path == "/" {
        return;
    }
    names.push(UrlKey::of(url).as_str().to_owned());
    if with_path && !names.contains(&path) {
        names.push(path);
    }
}

/// The member that a page is, if it is one: by the key, else by the first name that leads to a member whose own post
/// id does not say otherwise. A portal reuses a slug: another post id with other words is another article.
pub(super) fn find(
    conn: &Connection,
    source: i64,
    names: &Names,
    key: &Key,
    words: &[u8],
) -> Result<Option<Member>> {
    for name in names.iter() {
        let Some(member) = by_name(conn, source, name)? else { continue };
        let certain = name == key.to_text();
        if certain || member.words == words || !other_post(conn, &member, key)? {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// Whether both have post ids, and different ones.
fn other_post(conn: &Connection, member: &Member, key: &Key) -> Result<bool> {
    if !matches!(key, Key::Post(_)) {
        return Ok(false);
    }
    let mut select = conn.prepare_cached("SELECT address FROM alias WHERE article = ?1")?;
    let names = select.query_map([member.row], |row| row.get::<_, String>(0))?;
    for name in names {
        if matches!(Key::from_text(&name?), Key::Post(_)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes the names of a member. Its own it takes from whoever had them; the others stay where they lead.
pub(super) fn enter_names(conn: &Connection, source: i64, member: i64, names: &Names) -> Result<()> {
    let mut take = conn.prepare_cached(
        "INSERT INTO alias (address, source, article) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET article = ?3 WHERE article <> ?3",
    )?;
    for name in &names.own {
        take.execute(params![name, source, member])?;
    }
    let mut keep = conn.prepare_cached(
        "INSERT INTO alias (address, source, article) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for name in &names.other {
        keep.execute(params![name, source, member])?;
    }
    Ok(())
}
