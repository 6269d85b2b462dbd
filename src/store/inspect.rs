//! A look at everything that is stored: the file, what its counters say against what is there, and every packed value.

use rusqlite::{Connection, Row};

use super::codec::Codec;
use super::content::ArticleContent;
use super::error::{Result, StoreError};
use super::pages;

/// Findings of one kind that are told; more are counted.
const MAX_FINDINGS_PER_KIND: usize = 20;

/// Counters against what they count: what is wrong, for each row where they differ.
const COUNTERS: &[(&str, &str)] = &[
    (
        "SELECT name, entries, (SELECT count(*) FROM entry WHERE source = source.row AND gone IS NULL) AS there
         FROM source WHERE entries <> there",
        "articles of the source",
    ),
    (
        "SELECT name, waiting,
            (SELECT count(*) FROM frontier WHERE source = source.row AND visits = 0 AND failures = 0 AND due IS NOT NULL) AS there
         FROM source WHERE waiting <> there",
        "addresses that wait of the source",
    ),
    (
        "SELECT name || ' ' || month.month, month.entries,
            (SELECT count(*) FROM entry
             WHERE entry.source = month.source AND entry.month = month.month AND gone IS NULL) AS there
         FROM month JOIN source ON source.row = month.source WHERE month.entries <> there",
        "articles of the month",
    ),
    (
        "SELECT name, entries, (SELECT count(*) FROM in_category WHERE category = category.row) AS there
         FROM category WHERE entries <> there",
        "articles of the category",
    ),
    (
        "SELECT url, revisions, (SELECT count(*) FROM revision WHERE entry = entry.row) AS there
         FROM entry WHERE revisions <> there",
        "earlier texts of the article",
    ),
];

/// Looks at everything; answers what is wrong, in words.
pub(super) fn inspect(conn: &mut Connection, codec: &mut Codec) -> Result<Vec<String>> {
    let mut found = Findings::default();
    let outcome = found.file(conn);
    found.carry_on(outcome, "pages of the file")?;
    let outcome = found.links(conn);
    found.carry_on(outcome, "links between rows")?;
    for (sql, what) in COUNTERS {
        let outcome = found.counter(conn, sql, what);
        found.carry_on(outcome, what)?;
    }
    for (what, look) in VALUES {
        let outcome = look(&mut found, conn, codec);
        found.carry_on(outcome, what)?;
    }
    Ok(found.0)
}

/// What is wrong, without what to do.
fn words(error: &StoreError) -> String {
    match error {
        StoreError::Corrupt(why) | StoreError::Damaged(why) => why.clone(),
        other => other.to_string(),
    }
}

type Look = fn(&mut Findings, &Connection, &mut Codec) -> Result<()>;

const VALUES: &[(&str, Look)] = &[
    ("articles", Findings::articles),
    ("earlier texts", Findings::revisions),
    ("kept pages", Findings::pages),
    ("learned templates", Findings::templates),
];

#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn tell(&mut self, text: String) {
        self.0.push(text);
    }

    /// Where the file is damaged a look may end early: that is a finding, and the next look goes on.
    fn carry_on(&mut self, outcome: Result<()>, what: &str) -> Result<()> {
        match outcome {
            Err(error @ (StoreError::Corrupt(_) | StoreError::Damaged(_))) => {
                self.tell(format!("not all {what} could be looked at: {}", words(&error)));
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn file(&mut self, conn: &Connection) -> Result<()> {
        let mut check = conn.prepare("PRAGMA integrity_check(100)")?;
        for said in check.query_map([], |row| row.get::<_, String>(0))? {
            let said = said?;
            if said != "ok" {
                self.tell(format!("the file is damaged: {}", said.replace('\n', " ")));
            }
        }
        Ok(())
    }

    fn links(&mut self, conn: &Connection) -> Result<()> {
        let mut check = conn.prepare("PRAGMA foreign_key_check")?;
        let read = |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(2)?));
        let broken = check.query_map([], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
        for (table, target) in broken.iter().take(MAX_FINDINGS_PER_KIND) {
            self.tell(format!("a row of {table} points to a row of {target} that is not there"));
        }
        self.rest(broken.len(), "rows that point to nothing");
        Ok(())
    }

    fn rest(&mut self, found: usize, what: &str) {
        if found > MAX_FINDINGS_PER_KIND {
            self.tell(format!("and {} more {what}", found - MAX_FINDINGS_PER_KIND));
        }
    }

    fn counter(&mut self, conn: &Connection, sql: &str, what: &str) -> Result<()> {
        let mut select = conn.prepare(sql)?;
        let read =
            |row: &Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
        let wrong = select.query_map([], read)?.collect::<rusqlite::Result<Vec<_>>>()?;
        for (name, said, there) in wrong.iter().take(MAX_FINDINGS_PER_KIND) {
            self.tell(format!("{what} {name}: {said} are counted, {there} are there"));
        }
        self.rest(wrong.len(), "such counters");
        Ok(())
    }

    fn articles(&mut self, conn: &Connection, codec: &mut Codec) -> Result<()> {
        self.values(conn, "SELECT url, content FROM article ORDER BY row", |blob| {
            ArticleContent::unpack(codec, blob).map(drop)
        })
    }

    fn revisions(&mut self, conn: &Connection, codec: &mut Codec) -> Result<()> {
        let sql = "SELECT 'an earlier text of ' || url, html FROM revision JOIN entry ON entry.row = entry";
        self.values(conn, sql, |blob| codec.unpack_text(blob).map(drop))
    }

    fn templates(&mut self, conn: &Connection, codec: &mut Codec) -> Result<()> {
        let sql = "SELECT 'the learned template of ' || name, data FROM template JOIN source ON source.row = source";
        self.values(conn, sql, |blob| codec.unpack_json::<crate::model::Template>(blob).map(drop))
    }

    fn pages(&mut self, conn: &Connection, codec: &mut Codec) -> Result<()> {
        let mut select = conn.prepare("SELECT frontier, url FROM raw_page ORDER BY frontier")?;
        let mut wrong = 0;
        for page in select.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))? {
            let (frontier, url) = page?;
            if let Err(error) = pages::read_whole(conn, codec, frontier) {
                wrong += 1;
                if wrong <= MAX_FINDINGS_PER_KIND {
                    self.tell(format!("the kept page {url}: {}", words(&error)));
                }
            }
        }
        self.rest(wrong, "kept pages");
        Ok(())
    }

    fn values(
        &mut self,
        conn: &Connection,
        sql: &str,
        mut unpack: impl FnMut(&[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut select = conn.prepare(sql)?;
        let mut wrong = 0;
        for value in select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))? {
            let (name, blob) = value?;
            if let Err(error) = unpack(&blob) {
                wrong += 1;
                if wrong <= MAX_FINDINGS_PER_KIND {
                    self.tell(format!("{name}: {}", words(&error)));
                }
            }
        }
        self.rest(wrong, "such values");
        Ok(())
    }
}
