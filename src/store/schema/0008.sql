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

ALTER TABLE source ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER held_in AFTER INSERT ON held BEGIN
    UPDATE source SET held = held + 1 WHERE row = new.source;
END;
CREATE TRIGGER held_out AFTER DELETE ON held BEGIN
    UPDATE source SET held = held - 1 WHERE row = old.source;
END;
-- Read with success, found to be another name of an article, gone, or forgotten: whatever the way, it is held back no more. What is held back has failed
-- at least once, so that the articles that are read well cost no more than a look at that number.
CREATE TRIGGER held_no_more AFTER UPDATE OF failures, member, gone_visits, forgotten ON frontier
WHEN old.failures > 0 AND (new.failures = 0 OR new.member IS NOT old.member
    OR new.gone_visits > old.gone_visits OR new.forgotten > old.forgotten) BEGIN
    DELETE FROM held WHERE frontier = new.row;
END;
