-- How a source stands, as health remembers it: JSON of its own making.
ALTER TABLE source ADD COLUMN health TEXT;
-- What waits is what was never tried. An address that was tried and gave nothing is tried again by a plan of its own, at
-- the visits that the rhythm makes; counting it here kept a backfill open for ever.
DROP TRIGGER frontier_in;
DROP TRIGGER frontier_on;
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
UPDATE source SET waiting = (SELECT count(*) FROM frontier
    WHERE source = source.row AND visits = 0 AND failures = 0 AND due IS NOT NULL);
