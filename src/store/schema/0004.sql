-- How many pages the learned template knew when an address was last read as an article: those that were read too early are
-- found by it. NULL for what was read before this was noted.
ALTER TABLE frontier ADD COLUMN read_by INTEGER;
CREATE INDEX frontier_read_by ON frontier (source, read_by, row) WHERE read_by IS NOT NULL;
