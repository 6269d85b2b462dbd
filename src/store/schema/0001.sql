-- Times are seconds since 1970 in UTC. `source` columns hold source.row.

CREATE TABLE source (
    row       INTEGER PRIMARY KEY,
    name      TEXT    NOT NULL UNIQUE,
    due       INTEGER,
    visited   INTEGER,
    succeeded INTEGER,
    failures  INTEGER NOT NULL DEFAULT 0,
    trouble   TEXT,
    memory    TEXT,
    articles  INTEGER NOT NULL DEFAULT 0,
    waiting   INTEGER NOT NULL DEFAULT 0
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

-- What feeds publish: one row an entry. `key`, `id` and `published` are those of its earliest member, `shows` is the
-- member whose words it carries.
CREATE TABLE article (
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
CREATE INDEX article_newest ON article (published, row) WHERE gone IS NULL;
CREATE INDEX article_of_source ON article (source, published, row) WHERE gone IS NULL;
CREATE INDEX article_of_month ON article (source, month, published, row) WHERE gone IS NULL;
CREATE INDEX article_gone ON article (source, gone) WHERE gone IS NOT NULL;

-- One article as the portal has it. A repost is another member of the same entry.
CREATE TABLE member (
    row       INTEGER PRIMARY KEY,
    article   INTEGER NOT NULL REFERENCES article,
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
CREATE INDEX member_article ON member (article);
CREATE INDEX member_slug ON member (source, slug);

-- Every name an article answers to: "p7301", "/slug.html", "portal.vn/slug.html".
CREATE TABLE alias (
    address TEXT    NOT NULL,
    source  INTEGER NOT NULL REFERENCES source,
    member  INTEGER NOT NULL REFERENCES member,
    PRIMARY KEY (address, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX alias_member ON alias (member);

-- Near-duplicates: hashes that texts with much in common are likely to share.
CREATE TABLE band (
    hash   INTEGER NOT NULL,
    source INTEGER NOT NULL,
    member INTEGER NOT NULL,
    PRIMARY KEY (hash, source, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE related (
    article INTEGER NOT NULL,
    other   INTEGER NOT NULL,
    PRIMARY KEY (article, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE revision (
    row      INTEGER PRIMARY KEY,
    article  INTEGER NOT NULL REFERENCES article,
    replaced INTEGER NOT NULL,
    title    TEXT    NOT NULL,
    html     BLOB    NOT NULL
) STRICT;
CREATE INDEX revision_article ON revision (article, row);
CREATE INDEX revision_replaced ON revision (replaced);

CREATE TABLE category (
    row      INTEGER PRIMARY KEY,
    source   INTEGER NOT NULL REFERENCES source,
    folded   TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    slug     TEXT    NOT NULL,
    articles INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, folded),
    UNIQUE (source, slug)
) STRICT;
CREATE INDEX category_size ON category (source, articles DESC);

CREATE TABLE in_category (
    category  INTEGER NOT NULL REFERENCES category,
    published INTEGER NOT NULL,
    article   INTEGER NOT NULL REFERENCES article,
    PRIMARY KEY (category, published, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX in_category_article ON in_category (article);

CREATE TABLE month (
    source   INTEGER NOT NULL REFERENCES source,
    month    INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (source, month)
) STRICT, WITHOUT ROWID;

-- Folded words; the rowid is article.rank, which grows with the publication time.
CREATE VIRTUAL TABLE search USING fts5 (
    words, scope,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE frontier (
    row           INTEGER PRIMARY KEY,
    source        INTEGER NOT NULL REFERENCES source,
    address       TEXT    NOT NULL,
    url           TEXT    NOT NULL,
    rung          TEXT    NOT NULL,
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
    member        INTEGER REFERENCES member,
    gone_visits   INTEGER NOT NULL DEFAULT 0,
    gone_since    INTEGER,
    forgotten     INTEGER NOT NULL DEFAULT 0,
    verdict       TEXT,
    trouble       TEXT,
    content       BLOB,
    UNIQUE (address, source)
) STRICT;
CREATE INDEX frontier_fresh ON frontier (source, sort, row) WHERE due IS NOT NULL AND visits = 0 AND failures = 0;
CREATE INDEX frontier_again ON frontier (source, due, row) WHERE due IS NOT NULL AND (visits > 0 OR failures > 0);
CREATE INDEX frontier_post ON frontier (source, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX frontier_member ON frontier (member) WHERE member IS NOT NULL;

CREATE TABLE raw_page (
    frontier INTEGER PRIMARY KEY REFERENCES frontier,
    url      TEXT    NOT NULL,
    fetched  INTEGER NOT NULL,
    html     BLOB    NOT NULL
) STRICT;
CREATE INDEX raw_page_fetched ON raw_page (fetched);

-- Counters are kept by triggers, so that no code path can forget them and nothing has to be counted.
CREATE TRIGGER frontier_in AFTER INSERT ON frontier WHEN new.visits = 0 AND new.due IS NOT NULL BEGIN
    UPDATE source SET waiting = waiting + 1 WHERE row = new.source;
END;
CREATE TRIGGER frontier_on AFTER UPDATE OF visits, due ON frontier
WHEN (old.visits = 0 AND old.due IS NOT NULL) <> (new.visits = 0 AND new.due IS NOT NULL) BEGIN
    UPDATE source
    SET waiting = waiting + (new.visits = 0 AND new.due IS NOT NULL) - (old.visits = 0 AND old.due IS NOT NULL)
    WHERE row = new.source;
END;
CREATE TRIGGER article_in AFTER INSERT ON article WHEN new.gone IS NULL BEGIN
    UPDATE source SET articles = articles + 1 WHERE row = new.source;
    INSERT INTO month (source, month, articles) VALUES (new.source, new.month, 1)
    ON CONFLICT DO UPDATE SET articles = articles + 1;
END;
CREATE TRIGGER article_on AFTER UPDATE OF gone, month ON article
WHEN (old.gone IS NULL) <> (new.gone IS NULL) OR old.month <> new.month BEGIN
    UPDATE source SET articles = articles + (new.gone IS NULL) - (old.gone IS NULL) WHERE row = new.source;
    UPDATE month SET articles = articles - (old.gone IS NULL) WHERE source = old.source AND month = old.month;
    INSERT INTO month (source, month, articles) VALUES (new.source, new.month, new.gone IS NULL)
    ON CONFLICT DO UPDATE SET articles = articles + (new.gone IS NULL);
END;
CREATE TRIGGER article_out AFTER DELETE ON article WHEN old.gone IS NULL BEGIN
    UPDATE source SET articles = articles - 1 WHERE row = old.source;
    UPDATE month SET articles = articles - 1 WHERE source = old.source AND month = old.month;
END;
CREATE TRIGGER in_category_in AFTER INSERT ON in_category BEGIN
    UPDATE category SET articles = articles + 1 WHERE row = new.category;
END;
CREATE TRIGGER in_category_out AFTER DELETE ON in_category BEGIN
    UPDATE category SET articles = articles - 1 WHERE row = old.category;
END;
