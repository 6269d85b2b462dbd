-- How a text looks from afar, so that near-duplicates by chance are not read. Members of before have none.
CREATE TABLE sketch (
    member INTEGER PRIMARY KEY REFERENCES member ON DELETE CASCADE,
    data   BLOB NOT NULL
) STRICT;
