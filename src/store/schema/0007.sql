-- What is forgotten is found by its source and its age, a little at a time.
ALTER TABLE raw_page ADD COLUMN source INTEGER REFERENCES source;
UPDATE raw_page SET source = (SELECT source FROM frontier WHERE frontier.row = raw_page.frontier);
DROP INDEX raw_page_fetched;
CREATE INDEX raw_page_age ON raw_page (source, fetched);
ALTER TABLE revision ADD COLUMN source INTEGER REFERENCES source;
UPDATE revision SET source = (SELECT source FROM article WHERE article.row = revision.article);
DROP INDEX revision_replaced;
CREATE INDEX revision_age ON revision (source, replaced);
