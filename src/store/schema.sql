-- Times are seconds since 1970 in UTC. `source` columns hold source.row.

CREATE TABLE source (
    row       INTEGER PRIMARY KEY,
    name      TEXT    NOT NULL UNIQUE,
    due       INTEGER,
    visited   INTEGER,
    succeeded INTEGER,
    failures  INTEGER NOT NULL DEFAULT 0,
    trouble   TEXT,
    -- What schedule and discovery, and what health remember: JSON of their own making.
    memory    TEXT,
    health    TEXT,
    -- Counters, kept by the triggers below.
    entries   INTEGER NOT NULL DEFAULT 0,
    waiting   INTEGER NOT NULL DEFAULT 0,
    held      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX source_due ON source (due) WHERE due IS NOT NULL;

CREATE TABLE template (
    source INTEGER PRIMARY KEY REFERENCES source,
    data   BLOB NOT NULL
) STRICT;

CREATE TABLE listing (
    source        INTEGER NOT NULL REFERENCES source,
    url           TEXT    NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    digest        TEXT,
    answered      INTEGER,
    failures      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

-- What readers see under one id. `key`, `id` and `published` are those of its primary article, `shows` is the article
-- whose words it carries.
CREATE TABLE entry (
    row        INTEGER PRIMARY KEY,
    source     INTEGER NOT NULL REFERENCES source,
    id         TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    url        TEXT    NOT NULL,
    published  INTEGER NOT NULL,
    origin     TEXT    NOT NULL,
    month      INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    changed    INTEGER NOT NULL,
    categories TEXT    NOT NULL,
    shows      INTEGER NOT NULL,
    words      BLOB    NOT NULL,
    digest     BLOB    NOT NULL,
    revisions  INTEGER NOT NULL DEFAULT 0,
    rank       INTEGER UNIQUE,
    gone       INTEGER
) STRICT;
CREATE INDEX entry_newest ON entry (published, row) WHERE gone IS NULL;
CREATE INDEX entry_of_source ON entry (source, published, row) WHERE gone IS NULL;
CREATE INDEX entry_of_month ON entry (source, month, published, row) WHERE gone IS NULL;
CREATE INDEX entry_gone ON entry (source, gone) WHERE gone IS NOT NULL;
-- What follows the store (a static copy) reads what changed since a time, in the order it did, and not the rest.
CREATE INDEX entry_changed ON entry (source, changed);

-- One text at one address of the portal. A repost is another article of the same entry.
CREATE TABLE article (
    row       INTEGER PRIMARY KEY,
    entry     INTEGER NOT NULL REFERENCES entry,
    source    INTEGER NOT NULL REFERENCES source,
    key       TEXT    NOT NULL,
    slug      TEXT    NOT NULL,
    url       TEXT    NOT NULL,
    published INTEGER NOT NULL,
    origin    TEXT    NOT NULL,
    month     INTEGER NOT NULL,
    updated   INTEGER NOT NULL,
    words     BLOB    NOT NULL,
    digest    BLOB    NOT NULL,
    gone      INTEGER,
    content   BLOB    NOT NULL
) STRICT;
CREATE INDEX article_entry ON article (entry);
CREATE INDEX article_slug ON article (source, slug);
-- Whether an article is gone is asked for each address that a listing names; its row has the whole content in it.
CREATE INDEX article_gone ON article (row, gone) WHERE gone IS NOT NULL;

-- Every name an article answers to: "p7301", "/slug.html", "portal.vn/slug.html".
CREATE TABLE alias (
    address TEXT    NOT NULL,
    source  INTEGER NOT NULL REFERENCES source,
    article INTEGER NOT NULL REFERENCES article,
    PRIMARY KEY (address, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_article ON alias (article);

-- Near-duplicates: hashes that texts with much in common are likely to share.
CREATE TABLE band (
    hash    INTEGER NOT NULL,
    source  INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (hash, source, article)
) STRICT, WITHOUT ROWID;

-- An estimate of how alike two texts are, so that those which share a band by chance are not read.
CREATE TABLE sketch (
    article INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE,
    data    BLOB NOT NULL
) STRICT;

-- Entries of different sources that are the same release.
CREATE TABLE related (
    entry INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (entry, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE revision (
    row      INTEGER PRIMARY KEY,
    entry    INTEGER NOT NULL REFERENCES entry,
    source   INTEGER NOT NULL REFERENCES source,
    replaced INTEGER NOT NULL,
    title    TEXT    NOT NULL,
    html     BLOB    NOT NULL
) STRICT;
CREATE INDEX revision_entry ON revision (entry, row);
CREATE INDEX revision_age ON revision (source, replaced);

CREATE TABLE category (
    row     INTEGER PRIMARY KEY,
    source  INTEGER NOT NULL REFERENCES source,
    folded  TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    slug    TEXT    NOT NULL,
    entries INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, folded),
    UNIQUE (source, slug)
) STRICT;
CREATE INDEX category_size ON category (source, entries DESC);

CREATE TABLE in_category (
    category  INTEGER NOT NULL REFERENCES category,
    published INTEGER NOT NULL,
    entry     INTEGER NOT NULL REFERENCES entry,
    PRIMARY KEY (category, published, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX in_category_entry ON in_category (entry);

CREATE TABLE month (
    source  INTEGER NOT NULL REFERENCES source,
    month   INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (source, month)
) STRICT, WITHOUT ROWID;

-- Folded words; the rowid is entry.rank, which grows with the publication time.
CREATE VIRTUAL TABLE search USING fts5 (
    words, scope,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE frontier (
    row           INTEGER PRIMARY KEY,
    source        INTEGER NOT NULL REFERENCES source,
    address       TEXT    NOT NULL,
    url           TEXT    NOT NULL,
    method        TEXT    NOT NULL,
    listing       TEXT    NOT NULL,
    post_id       INTEGER,
    title         TEXT,
    published     INTEGER,
    updated       INTEGER,
    authors       TEXT    NOT NULL,
    categories    TEXT    NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    first_seen    INTEGER NOT NULL,
    sort          INTEGER NOT NULL,
    visits        INTEGER NOT NULL DEFAULT 0,
    failures      INTEGER NOT NULL DEFAULT 0,
    visited       INTEGER,
    due           INTEGER,
    article       INTEGER REFERENCES article,
    gone_visits   INTEGER NOT NULL DEFAULT 0,
    gone_since    INTEGER,
    forgotten     INTEGER NOT NULL DEFAULT 0,
    verdict       TEXT,
    trouble       TEXT,
    content       BLOB,
    -- How many pages the learned template knew when the address was last read as an article: those that were read too
    -- early are found by it.
    read_by       INTEGER,
    UNIQUE (address, source)
) STRICT;
CREATE INDEX frontier_fresh ON frontier (source, sort, row) WHERE due IS NOT NULL AND visits = 0 AND failures = 0;
CREATE INDEX frontier_again ON frontier (source, due, row) WHERE due IS NOT NULL AND (visits > 0 OR failures > 0);
CREATE INDEX frontier_post ON frontier (source, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX frontier_article ON frontier (article) WHERE article IS NOT NULL;
CREATE INDEX frontier_read_by ON frontier (source, read_by, row) WHERE read_by IS NOT NULL;

-- Pages that others of their source are packed with: they have their layout in common.
CREATE TABLE page_base (
    row    INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source,
    made   INTEGER NOT NULL,
    html   BLOB    NOT NULL
) STRICT;
CREATE INDEX page_base_source ON page_base (source);

CREATE TABLE raw_page (
    frontier INTEGER PRIMARY KEY REFERENCES frontier,
    source   INTEGER NOT NULL REFERENCES source,
    url      TEXT    NOT NULL,
    fetched  INTEGER NOT NULL,
    html     BLOB    NOT NULL,
    -- What the page is packed with; NULL for one that is packed by itself.
    base     INTEGER REFERENCES page_base
) STRICT;
CREATE INDEX raw_page_age ON raw_page (source, fetched);
CREATE INDEX raw_page_base ON raw_page (base) WHERE base IS NOT NULL;

-- What is held back: why, since when, and what it would have published. A row stands as long as its address is not read as
-- an article; `shown` is NULL where nothing of the page is kept, 1 for a would-be article, 0 for no more than what stands
-- first on the page.
CREATE TABLE held (
    frontier  INTEGER PRIMARY KEY REFERENCES frontier ON DELETE CASCADE,
    source    INTEGER NOT NULL REFERENCES source,
    code      TEXT    NOT NULL,
    why       TEXT    NOT NULL,
    since     INTEGER NOT NULL,
    last      INTEGER NOT NULL,
    times     INTEGER NOT NULL DEFAULT 1,
    shown     INTEGER,
    title     TEXT,
    published INTEGER,
    authors   TEXT    NOT NULL,
    text      BLOB,
    pictures  INTEGER NOT NULL
) STRICT;
CREATE INDEX held_newest ON held (source, last, frontier);
CREATE INDEX held_shown ON held (source, last, frontier) WHERE shown IS NOT NULL;

-- Counters are kept by triggers, so that no code path can forget them and nothing has to be counted.
-- What waits is what was never tried. An address that was tried and gave nothing is tried again by a plan of its own, at
-- the visits that the rhythm makes; counting it here would keep a backfill open for ever.
CREATE TRIGGER frontier_in AFTER INSERT ON frontier
WHEN new.visits = 0 AND new.failures = 0 AND new.due IS NOT NULL BEGIN
    UPDATE source SET waiting = waiting + 1 WHERE row = new.source;
END;
CREATE TRIGGER frontier_on AFTER UPDATE OF visits, failures, due ON frontier
WHEN (old.visits = 0 AND old.failures = 0 AND old.due IS NOT NULL)
    <> (new.visits = 0 AND new.failures = 0 AND new.due IS NOT NULL) BEGIN
    UPDATE source
    SET waiting = waiting + (new.visits = 0 AND new.failures = 0 AND new.due IS NOT NULL)
        - (old.visits = 0 AND old.failures = 0 AND old.due IS NOT NULL)
    WHERE row = new.source;
END;
CREATE TRIGGER entry_in AFTER INSERT ON entry WHEN new.gone IS NULL BEGIN
    UPDATE source SET entries = entries + 1 WHERE row = new.source;
    INSERT INTO month (source, month, entries) VALUES (new.source, new.month, 1)
    ON CONFLICT DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER entry_on AFTER UPDATE OF gone, month ON entry
WHEN (old.gone IS NULL) <> (new.gone IS NULL) OR old.month <> new.month BEGIN
    UPDATE source SET entries = entries + (new.gone IS NULL) - (old.gone IS NULL) WHERE row = new.source;
    UPDATE month SET entries = entries - (old.gone IS NULL) WHERE source = old.source AND month = old.month;
    INSERT INTO month (source, month, entries) VALUES (new.source, new.month, new.gone IS NULL)
    ON CONFLICT DO UPDATE SET entries = entries + (new.gone IS NULL);
END;
CREATE TRIGGER entry_out AFTER DELETE ON entry WHEN old.gone IS NULL BEGIN
    UPDATE source SET entries = entries - 1 WHERE row = old.source;
    UPDATE month SET entries = entries - 1 WHERE source = old.source AND month = old.month;
END;
CREATE TRIGGER in_category_in AFTER INSERT ON in_category BEGIN
    UPDATE category SET entries = entries + 1 WHERE row = new.category;
END;
CREATE TRIGGER in_category_out AFTER DELETE ON in_category BEGIN
    UPDATE category SET entries = entries - 1 WHERE row = old.category;
END;
CREATE TRIGGER held_in AFTER INSERT ON held BEGIN
    UPDATE source SET held = held + 1 WHERE row = new.source;
END;
CREATE TRIGGER held_out AFTER DELETE ON held BEGIN
    UPDATE source SET held = held - 1 WHERE row = old.source;
END;
-- Read with success, found to be another name of an article, gone, or forgotten: whatever the way, it is held back no
-- more. What is held back has failed at least once, so that the articles that are read well cost no more than a look at
-- that number.
CREATE TRIGGER held_no_more AFTER UPDATE OF failures, article, gone_visits, forgotten ON frontier
WHEN old.failures > 0 AND (new.failures = 0 OR new.article IS NOT old.article
    OR new.gone_visits > old.gone_visits OR new.forgotten > old.forgotten) BEGIN
    DELETE FROM held WHERE frontier = new.row;
END;
