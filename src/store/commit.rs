//! A commit: one read page becomes, or changes, or turns out to be, an article. One transaction.

use rusqlite::{Connection, params};

use super::actor::Tools;
use super::codec::Codec;
use super::content::{Content, Written};
use super::convert::seconds_opt;
use super::entry::{self, Touched};
use super::error::{Result, StoreError};
use super::identity::{self, Member, Names};
use super::standing::Face;
use super::values::{Commit, Committed, Occasion};
use super::{fetch_results, pages, reposts, sources};
use crate::dedup::{Fingerprint, Verdict};
use crate::model::DateOrigin;

/// Judges a read page against what is known, and stores it.
pub(super) fn commit(conn: &Connection, tools: &mut Tools, commit: &Commit) -> Result<Committed> {
    let source = sources::enter(conn, &commit.article.source)?;
    let names = Names::of(&commit.article, &commit.aliases);
    let words = commit.fingerprint.words.to_vec();
    let written = Content::of(&commit.article).write()?;
    let known = identity::find(conn, source, &names, &commit.article.key, &words)?;
    let mut before = None;
    let Entered { member, verdict, elsewhere, entry } = match known {
        Some(member) => {
            if member.words != words {
                before = entry::content_if_whole(conn, &mut tools.codec, member.row)?;
                if let Some(other) = reposts::part(conn, &mut tools.codec, source, commit, member.row)? {
                    let left = Touched { fresh: None, before: None, ..touched(commit, other) };
                    entry::compose(conn, tools, left)?;
                }
            }
            let verdict = revisit(conn, &mut tools.codec, commit, &member, &written)?;
            if member.words != words {
                let old = before.as_ref().map(|old| Fingerprint::of(&old.title, &old.text));
                reposts::forget(conn, source, member.row, old.as_ref())?;
                reposts::index(conn, source, member.row, &commit.fingerprint)?;
            }
            Entered { member: member.row, verdict, elsewhere: Vec::new(), entry: None }
        }
        None => enter(conn, tools, source, commit, &written)?,
    };
    identity::enter_names(conn, source, member, &names)?;
    match commit.occasion {
        Occasion::Kept => fetch_results::read_by(conn, commit.frontier, commit.read_by)?,
        _ => note(conn, tools, source, commit, member, &names, &verdict)?,
    }
    let (row, changed) = match entry {
        Some(entry) => (entry, true),
        None => entry::compose(conn, tools, Touched { before, ..touched(commit, member) })?,
    };
    let also_changed = reposts::relate(conn, row, commit.fetched, &elsewhere)?;
    Ok(Committed { row, verdict, changed, also_changed })
}

fn touched(commit: &Commit, member: i64) -> Touched<'_> {
    let reread = commit.occasion.is_ours();
    Touched { member, fresh: Some(&commit.article), before: None, at: commit.fetched, reread }
}

/// A known article, read again. Its key, id and `published` stay what they were at the first commit, whatever the page
/// says now; `updated` moves if its words did.
fn revisit(
    conn: &Connection,
    codec: &mut Codec,
    commit: &Commit,
    member: &Member,
    written: &Written,
) -> Result<Verdict> {
    let same_words = member.words == commit.fingerprint.words;
    let home = fetch_results::home(conn, member.row)?.is_none_or(|row| row == commit.frontier);
    let url = if home { commit.article.url.as_str() } else { &member.url };
    let stays = commit.occasion == Occasion::Kept || !member.gone;
    let is_same = same_words && member.digest == written.digest && member.url == url && stays;
    if is_same && entry::content_if_whole(conn, codec, member.row)?.is_some() {
        return Ok(Verdict::Same);
    }
    let is_edit = !same_words && !commit.occasion.is_ours();
    let updated = if is_edit { edited(commit, member) } else { member.updated };
    conn.prepare_cached(
        "UPDATE article SET updated = ?2, words = ?3, digest = ?4, content = ?5, url = ?6,
            gone = iif(?7, gone, NULL) WHERE row = ?1",
    )?
    .execute(params![
        member.row,
        updated,
        &commit.fingerprint.words[..],
        written.digest,
        written.pack(codec)?,
        url,
        commit.occasion == Occasion::Kept,
    ])?;
    Ok(if is_edit { Verdict::Edit } else { Verdict::Same })
}

/// When an edit happened: as the page says, if that is news and not from the future; else when we saw it.
fn edited(commit: &Commit, member: &Member) -> i64 {
    let fetched = commit.fetched.as_second();
    let said = commit.article.updated.as_second();
    let said = (said > member.updated && said <= fetched).then_some(said);
    said.unwrap_or(fetched).max(member.published)
}

/// What an article that was not known, or was, became.
struct Entered {
    member: i64,
    verdict: Verdict,
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
    written: &Written,
) -> Result<Entered> {
    let found = reposts::find(conn, &mut tools.codec, source, commit)?;
    let face = face(conn, commit, written)?;
    let (article, entry) = match found.repost_of {
        Some(article) => (article, None),
        None => {
            let article = entry::enter(conn, tools, source, commit, &face)?;
            (article, Some(article))
        }
    };
    conn.prepare_cached(
        "INSERT INTO article (row, entry, source, key, slug, url, published, origin, month, updated, words, digest,
                             content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        face.row,
        article,
        source,
        face.key.to_text(),
        face.key.slug(),
        face.url,
        face.published,
        face.origin,
        face.month,
        face.updated,
        face.words,
        face.digest,
        written.pack(&mut tools.codec)?,
    ])?;
    reposts::index(conn, source, face.row, &commit.fingerprint)?;
    Ok(Entered { member: face.row, verdict: found.verdict, elsewhere: found.elsewhere, entry })
}

/// The member that an article is going to be. Its row is the next one: an entry names the member that it shows, and is
/// written before.
fn face(conn: &Connection, commit: &Commit, written: &Written) -> Result<Face> {
    let mut select = conn.prepare_cached("SELECT ifnull(max(row), 0) + 1 FROM article")?;
    let fresh = &commit.article;
    let (published, fetched) = (fresh.published.as_second(), commit.fetched.as_second());
    let updated = Some(fresh.updated.as_second()).filter(|updated| *updated <= fetched);
    Ok(Face {
        row: select.query_row([], |row| row.get(0))?,
        key: fresh.key.clone(),
        url: fresh.url.as_str().to_owned(),
        published,
        origin: origin_text(fresh.published_origin)?,
        month: commit.month.number(),
        updated: updated.unwrap_or(published).max(published),
        words: commit.fingerprint.words.to_vec(),
        digest: written.digest.clone(),
        gone: false,
        named: 0,
    })
}

fn origin_text(origin: DateOrigin) -> Result<String> {
    super::codec::to_json(&origin)
}

/// Notes at the frontier what the read page was; what else was waiting under one of its names need not be fetched.
fn note(
    conn: &Connection,
    tools: &mut Tools,
    source: i64,
    commit: &Commit,
    member: i64,
    names: &Names,
    verdict: &Verdict,
) -> Result<()> {
    let fetched = commit.fetched.as_second();
    // One address of an article is enough to see its edits; the others are looked at when that one is gone.
    let home = fetch_results::home(conn, member)?.is_none_or(|row| row == commit.frontier);
    let due = commit.due.filter(|_| home);
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
            member,
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
        settle.execute(params![name, source, member, commit.frontier])?;
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
    format!("{what} (found by {})", commit.rung)
}
