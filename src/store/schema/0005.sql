-- Pages that others of their source are packed with: they have their layout in common.
CREATE TABLE page_base (
    row    INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source,
    made   INTEGER NOT NULL,
    html   BLOB    NOT NULL
) STRICT;
CREATE INDEX page_base_source ON page_base (source);
-- What a page is packed with; NULL for one that is packed by itself.
ALTER TABLE raw_page ADD COLUMN base INTEGER REFERENCES page_base;
CREATE INDEX raw_page_base ON raw_page (base) WHERE base IS NOT NULL;
