//! A commit: one read page becomes, or changes, or turns out to be, an article. One transaction.

use rusqlite::{Connection, params};

use super::actor::Tools;
use super::aliases::{self, KnownArticle};
use super::codec::Codec;
use super::content::{ArticleContent, EncodedContent};
use super::convert::seconds_opt;
use super::entry::{self, Touched};
use super::error::{Result, StoreError};
use super::values::{Commit, Committed, Occasion};
use super::{fetch_results, pages, reposts, sources};
use crate::identity::{ArticleNames, ArticleRow, ArticleState, Fingerprint, Verdict, first_updated, reread};

/// Judges a read page against what is known, and stores it.
pub(super) fn commit(conn: &Connection, tools: &mut Tools, commit: &Commit) -> Result<Committed> {
    let source = sources::enter(conn, &commit.article.source)?;
    let names = ArticleNames::of(&commit.article, &commit.aliases);
    let words = &commit.fingerprint.words;
    let written = ArticleContent::of(&commit.article).write()?;
    let known = aliases::find(conn, source, &names, &commit.article.key, words)?;
    let mut before = None;
    let entered = match known {
        Some(known) => {
            let is_reworded = known.words != words;
            if is_reworded {
                before = entry::content_if_whole(conn, &mut tools.codec, known.row)?;
                if let Some(other) = reposts::part(conn, &mut tools.codec, source, commit, known.row)? {
                    let left = Touched { fresh: None, before: None, ..touched(commit, other) };
                    entry::compose(conn, tools, left)?;
                }
            }
            let updated = update(conn, &mut tools.codec, commit, &known, &written)?;
            if is_reworded {
                let old = before.as_ref().map(|old| Fingerprint::of(&old.title, &old.text));
                reposts::forget(conn, source, known.row, old.as_ref())?;
                reposts::index(conn, source, known.row, &commit.fingerprint)?;
            }
            updated
        }
        None => enter(conn, tools, source, commit, &written)?,
    };
    aliases::enter(conn, source, entered.article, &names)?;
    match commit.occasion {
        Occasion::Kept => fetch_results::read_by(conn, commit.frontier, commit.read_by)?,
        _ => note(conn, tools, source, commit, &entered, &names)?,
    }
    let Entered { article, verdict, elsewhere, entry, .. } = entered;
    let (row, changed) = match entry {
        Some(entry) => (entry, true),
        None => entry::compose(conn, tools, Touched { before, ..touched(commit, article) })?,
    };
    let also_changed = reposts::relate(conn, row, commit.fetched, &elsewhere)?;
    Ok(Committed { row, verdict, changed, also_changed })
}

fn touched(commit: &Commit, row: i64) -> Touched<'_> {
    let is_ours = commit.occasion.is_ours();
    Touched { row, fresh: Some(&commit.article), before: None, at: commit.fetched, is_ours }
}

/// A known article, read again. Its key, id and `published` stay what they were at the first commit, whatever the page
/// says now; `updated` moves if its words did.
fn update(
    conn: &Connection,
    codec: &mut Codec,
    commit: &Commit,
    known: &KnownArticle,
    written: &EncodedContent,
) -> Result<Entered> {
    // One address of an article is enough to see its edits; the others are looked at when that one is gone.
    let is_home = fetch_results::home(conn, known.row)?.is_none_or(|row| row == commit.frontier);
    let read = ArticleState {
        words: &commit.fingerprint.words,
        digest: &written.digest,
        url: if is_home { commit.article.url.as_str() } else { &known.url },
        published: commit.article.published.as_second(),
        updated: commit.article.updated.as_second(),
    };
    let judged = reread(&known.state(), &read, commit.fetched.as_second(), commit.occasion.is_ours());
    let is_kept = commit.occasion == Occasion::Kept;
    let stays = judged.is_unchanged && (is_kept || !known.gone);
    let entered =
        Entered { article: known.row, verdict: judged.verdict, is_home, elsewhere: Vec::new(), entry: None };
    if stays && entry::content_if_whole(conn, codec, known.row)?.is_some() {
        return Ok(entered);
    }
    conn.prepare_cached(
        "UPDATE article SET updated = ?2, words = ?3, digest = ?4, content = ?5, url = ?6,
            gone = iif(?7, gone, NULL) WHERE row = ?1",
    )?
    .execute(params![
        known.row,
        judged.updated,
        read.words,
        read.digest,
        written.pack(codec)?,
        read.url,
        is_kept
    ])?;
    Ok(entered)
}

/// What an article that was not known, or was, became.
struct Entered {
    article: i64,
    verdict: Verdict,
    /// Whether it was read at the address where its edits are looked for.
    is_home: bool,
    /// Entries of other sources with the same release.
    elsewhere: Vec<i64>,
    /// Its entry, if that is new and whole.
    entry: Option<i64>,
}

/// An article under a name that is not known: new, or a repost of a known one.
fn enter(
    conn: &Connection,
    tools: &mut Tools,
    source: i64,
    commit: &Commit,
    written: &EncodedContent,
) -> Result<Entered> {
    let found = reposts::find(conn, &mut tools.codec, source, commit)?;
    let article = new_article(conn, commit, written)?;
    let (entry, new_entry) = match found.repost_of {
        Some(entry) => (entry, None),
        None => {
            let entry = entry::enter(conn, tools, source, commit, &article)?;
            (entry, Some(entry))
        }
    };
    conn.prepare_cached(
        "INSERT INTO article (row, entry, source, key, slug, url, published, origin, month, updated, words, digest,
                             content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        article.row,
        entry,
        source,
        article.key.to_text(),
        article.key.slug(),
        article.url,
        article.published,
        article.origin,
        article.month,
        article.updated,
        article.words,
        article.digest,
        written.pack(&mut tools.codec)?,
    ])?;
    reposts::index(conn, source, article.row, &commit.fingerprint)?;
    let (verdict, elsewhere) = (found.verdict, found.elsewhere);
    Ok(Entered { article: article.row, verdict, is_home: true, elsewhere, entry: new_entry })
}

/// The row that an article is going to have. It is the next one: an entry names the article that it shows, and is written
/// before.
fn new_article(conn: &Connection, commit: &Commit, written: &EncodedContent) -> Result<ArticleRow> {
    let mut select = conn.prepare_cached("SELECT ifnull(max(row), 0) + 1 FROM article")?;
    let fresh = &commit.article;
    let (published, fetched) = (fresh.published.as_second(), commit.fetched.as_second());
    Ok(ArticleRow {
        row: select.query_row([], |row| row.get(0))?,
        key: fresh.key.clone(),
        url: fresh.url.as_str().to_owned(),
        published,
        origin: super::codec::to_json(&fresh.published_origin)?,
        month: commit.month.number(),
        updated: first_updated(fresh.updated.as_second(), published, fetched),
        words: commit.fingerprint.words.to_vec(),
        digest: written.digest.clone(),
        gone: false,
        named: 0,
    })
}

/// Notes at the frontier what the read page was; what else was waiting under one of its names need not be fetched.
fn note(
    conn: &Connection,
    tools: &mut Tools,
    source: i64,
    commit: &Commit,
    Entered { article, verdict, is_home, .. }: &Entered,
    names: &ArticleNames,
) -> Result<()> {
    let fetched = commit.fetched.as_second();
    let due = commit.due.filter(|_| *is_home);
    let noted = conn
        .prepare_cached(
            "UPDATE frontier SET visits = visits + 1, failures = 0, visited = ?2, due = ?3, article = ?4, etag = ?5,
                last_modified = ?6, gone_visits = 0, gone_since = NULL, trouble = NULL, verdict = ?7, content = NULL,
                read_by = ?8 WHERE row = ?1",
        )?
        .execute(params![
            commit.frontier,
            fetched,
            seconds_opt(due),
            article,
            commit.validators.etag,
            commit.validators.last_modified,
            in_words(verdict, commit),
            commit.read_by,
        ])?;
    if noted == 0 {
        return Err(StoreError::Sql(format!("no frontier row {}", commit.frontier)));
    }
    let mut settle = conn.prepare_cached(
        "UPDATE frontier SET article = ?3, due = NULL, content = NULL
         WHERE address = ?1 AND source = ?2 AND row <> ?4 AND visits = 0 AND article IS NULL",
    )?;
    for name in names.iter() {
        settle.execute(params![name, source, article, commit.frontier])?;
    }
    pages::keep(conn, tools, source, commit)
}

fn in_words(verdict: &Verdict, commit: &Commit) -> String {
    let what = match verdict {
        Verdict::New => "new".to_owned(),
        Verdict::Same => "the same words as before".to_owned(),
        Verdict::Edit => "an edit: other words than before".to_owned(),
        Verdict::Duplicate(why) => format!("a repost: {why}"),
    };
    format!("{what} (found by {})", commit.method)
}
