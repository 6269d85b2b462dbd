//! Near-duplicates: the index brings up a few candidates, which `identity` judges.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::codec::Codec;
use super::content::ArticleContent;
use super::entry;
use super::error::Result;
use super::values::Commit;
use crate::identity::{
    ComparedArticle, Fingerprint, Sketch, TokenizedArticle, Verdict, drifted_apart, same_release,
};
use crate::model::{Article, Attachment, Image, SourceId};

/// Cap on the articles that one band brings up, newest first: a series of notices can fill a band with thousands.
const MAX_ARTICLES_PER_BAND: usize = 24;
/// Cap on the candidates whose sketches are compared, those that share most bands first.
const MAX_SKETCHES_COMPARED: usize = 48;
/// Cap on the candidates whose texts are read and compared.
const MAX_TEXTS_COMPARED: usize = 6;
/// Cap on the links to other sources that an entry carries.
const MAX_RELATED: usize = 8;

/// What a new article's text was found to be like.
pub(super) struct Matches {
    /// New, or a repost of an entry of its own source.
    pub(super) verdict: Verdict,
    pub(super) repost_of: Option<i64>,
    /// Entries of other sources with the same release.
    pub(super) elsewhere: Vec<i64>,
}

/// Looks for the text of a commit among what is stored.
pub(super) fn find(conn: &Connection, codec: &mut Codec, source: i64, commit: &Commit) -> Result<Matches> {
    let mut found = Matches { verdict: Verdict::New, repost_of: None, elsewhere: Vec::new() };
    let mut tokenized = None;
    for (own, votes) in [true, false, false].into_iter().zip(votes(conn, source, &commit.fingerprint)?) {
        for candidate in candidates(conn, votes, &commit.fingerprint.sketch)? {
            let (entry, published) = entry_and_date(conn, candidate)?;
            let known = found.repost_of == Some(entry) || found.elsewhere.contains(&entry);
            if known || (own && found.repost_of.is_some()) {
                continue;
            }
            let Some(content) = entry::content_if_whole(conn, codec, candidate)? else { continue };
            let new = tokenized.get_or_insert_with(|| TokenizedArticle::of(&of_article(&commit.article)));
            let Some(why) = same_release(new, &TokenizedArticle::of(&of_content(&content, published))) else {
                continue;
            };
            if own {
                found.repost_of = Some(entry);
                found.verdict = Verdict::Duplicate(format!("{why} as {}", url(conn, candidate)?));
            } else if found.elsewhere.len() < MAX_RELATED {
                found.elsewhere.push(entry);
            }
        }
    }
    Ok(found)
}

/// An article whose new words have nothing in common with those of the others of its entry becomes an entry of its own:
/// what joined them was no release, but a notice that the portal showed under many addresses. Answers one of the others.
pub(super) fn part(
    conn: &Connection,
    codec: &mut Codec,
    source: i64,
    commit: &Commit,
    article: i64,
) -> Result<Option<i64>> {
    let mut select = conn.prepare_cached(&format!(
        "SELECT row FROM article WHERE entry = (SELECT entry FROM article WHERE row = ?1) AND row <> ?1
         LIMIT {MAX_ARTICLES_PER_BAND}"
    ))?;
    let others = select.query_map([article], |row| row.get::<_, i64>(0))?;
    let others = others.collect::<rusqlite::Result<Vec<i64>>>()?;
    if others.is_empty() {
        return Ok(None);
    }
    let new = TokenizedArticle::of(&of_article(&commit.article));
    for other in &others {
        let (_, published) = entry_and_date(conn, *other)?;
        let Some(content) = entry::content_if_whole(conn, codec, *other)? else { return Ok(None) };
        if !drifted_apart(&new, &TokenizedArticle::of(&of_content(&content, published))) {
            return Ok(None);
        }
    }
    let entry = entry::reserve(conn, source, commit)?;
    conn.prepare_cached("UPDATE article SET entry = ?2 WHERE row = ?1")?.execute([article, entry])?;
    Ok(others.first().copied())
}

/// Parts of the sources in the order they are looked at.
const SOURCE_RANGES: [&str; 3] = ["source = ?2", "source < ?2", "source > ?2"];

/// How many keys each article shares, by the part its source is in.
type Votes = [BTreeMap<i64, usize>; 3];

/// Articles that share keys with a fingerprint. A key that few have, as nearly all, is looked up once for all parts.
fn votes(conn: &Connection, source: i64, fingerprint: &Fingerprint) -> Result<Votes> {
    let mut select = conn.prepare_cached(&sharing_sql())?;
    let mut votes = Votes::default();
    for band in &fingerprint.bands {
        let few = select.query_map([band], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let few = few.collect::<rusqlite::Result<Vec<(i64, i64)>>>()?;
        if few.len() > MAX_ARTICLES_PER_BAND {
            for (part, votes) in SOURCE_RANGES.iter().zip(&mut votes) {
                let mut select = conn.prepare_cached(&candidates_sql(part))?;
                for article in select.query_map(params![band, source], |row| row.get::<_, i64>(0))? {
                    *votes.entry(article?).or_default() += 1;
                }
            }
            continue;
        }
        for (its, article) in few {
            let part = match its.cmp(&source) {
                Ordering::Equal => 0,
                Ordering::Less => 1,
                Ordering::Greater => 2,
            };
            *votes[part].entry(article).or_default() += 1;
        }
    }
    Ok(votes)
}

/// Those of them whose sketches are alike, those that share most keys first, then the newest.
fn candidates(conn: &Connection, votes: BTreeMap<i64, usize>, sketch: &Sketch) -> Result<Vec<i64>> {
    let mut ranked: Vec<(usize, i64)> = votes.into_iter().map(|(article, votes)| (votes, article)).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    let mut alike = Vec::new();
    for (_, article) in ranked.into_iter().take(MAX_SKETCHES_COMPARED) {
        if alike.len() == MAX_TEXTS_COMPARED {
            break;
        }
        if looks_alike(conn, article, sketch)? {
            alike.push(article);
        }
    }
    Ok(alike)
}

/// Whether an article may be the same release, as far as its sketch tells.
fn looks_alike(conn: &Connection, article: i64, sketch: &Sketch) -> Result<bool> {
    let mut select = conn.prepare_cached("SELECT data FROM sketch WHERE article = ?1")?;
    let known: Option<Vec<u8>> = select.query_row([article], |row| row.get(0)).optional()?;
    Ok(known.is_none_or(|known| Sketch::from_bytes(&known).may_be_release_of(sketch)))
}

/// The articles with a key, one more than are looked at.
pub(super) fn sharing_sql() -> String {
    format!(
        "SELECT source, article FROM band WHERE hash = ?1 ORDER BY source, article LIMIT {MAX_ARTICLES_PER_BAND} + 1"
    )
}

pub(super) fn candidates_sql(part: &str) -> String {
    format!(
        "SELECT article FROM band WHERE hash = ?1 AND {part} ORDER BY source DESC, article DESC LIMIT {MAX_ARTICLES_PER_BAND}"
    )
}

fn entry_and_date(conn: &Connection, article: i64) -> Result<(i64, Timestamp)> {
    let mut select = conn.prepare_cached("SELECT entry, published FROM article WHERE row = ?1")?;
    Ok(select.query_row([article], |row| Ok((row.get(0)?, super::convert::moment(row, 1)?)))?)
}

fn url(conn: &Connection, article: i64) -> Result<String> {
    let mut select = conn.prepare_cached("SELECT url FROM article WHERE row = ?1")?;
    Ok(select.query_row([article], |row| row.get(0))?)
}

fn of_article(article: &Article) -> ComparedArticle<'_> {
    text(&article.title, &article.text, article.published, &article.attachments, &article.images)
}

fn of_content<'a>(content: &'a ArticleContent<'_>, published: Timestamp) -> ComparedArticle<'a> {
    text(&content.title, &content.text, published, &content.attachments, &content.images)
}

fn text<'a>(
    title: &'a str,
    text: &'a str,
    published: Timestamp,
    files: &'a [Attachment],
    images: &'a [Image],
) -> ComparedArticle<'a> {
    ComparedArticle {
        title,
        text,
        published,
        files: files.iter().map(|file| file.url.as_str()).collect(),
        images: images.iter().map(|image| image.url.as_str()).collect(),
    }
}

/// Enters an article into the index.
pub(super) fn index(conn: &Connection, source: i64, article: i64, fingerprint: &Fingerprint) -> Result<()> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO band (hash, source, article) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for band in &fingerprint.bands {
        insert.execute(params![band, source, article])?;
    }
    conn.prepare_cached(
        "INSERT INTO sketch (article, data) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET data = ?2",
    )?
    .execute(params![article, fingerprint.sketch.to_bytes()])?;
    Ok(())
}

/// Takes an article out of the index; one whose fingerprint is not known any more by looking at all of it.
pub(super) fn forget(
    conn: &Connection,
    source: i64,
    article: i64,
    fingerprint: Option<&Fingerprint>,
) -> Result<()> {
    let Some(fingerprint) = fingerprint else {
        conn.prepare_cached("DELETE FROM band WHERE article = ?1")?.execute([article])?;
        return Ok(());
    };
    let mut delete =
        conn.prepare_cached("DELETE FROM band WHERE hash = ?1 AND source = ?2 AND article = ?3")?;
    for band in &fingerprint.bands {
        delete.execute(params![band, source, article])?;
    }
    Ok(())
}

/// Links an entry with entries of other sources, both ways. Answers the other sources whose entries changed by it.
pub(super) fn relate(
    conn: &Connection,
    entry: i64,
    now: Timestamp,
    elsewhere: &[i64],
) -> Result<Vec<SourceId>> {
    let mut changed = Vec::new();
    for other in elsewhere {
        let mut link = conn.prepare_cached(
            "INSERT INTO related (entry, other) VALUES (?1, ?2), (?2, ?1) ON CONFLICT DO NOTHING",
        )?;
        if link.execute(params![entry, other])? > 0 {
            let mut touch = conn.prepare_cached(
                "UPDATE entry SET changed = max(changed, ?2) WHERE row = ?1
                 RETURNING (SELECT name FROM source WHERE row = entry.source)",
            )?;
            let name: String = touch.query_row(params![other, now.as_second()], |row| row.get(0))?;
            changed.push(SourceId::new(&name));
        }
    }
    Ok(changed)
}
