-- Split the table of audit entries by ranges of numbers. Stop every gateway first, then:
--   psql --set first=100000001 --set second=200000001 --file partition.sql mappa
-- `first` is the number of the first entry in the new partition and must be beyond the last entry;
-- `second` is where that one ends. high-availability.md says what this gains and what it costs.
\set ON_ERROR_STOP on
BEGIN;
ALTER TABLE audit_entry RENAME TO audit_entry_1;
CREATE TABLE audit_entry (LIKE audit_entry_1, PRIMARY KEY (seq)) PARTITION BY RANGE (seq);
CREATE INDEX ON audit_entry (id);
CREATE INDEX ON audit_entry (time);
CREATE INDEX ON audit_entry (staff);
ALTER TABLE audit_entry ATTACH PARTITION audit_entry_1 FOR VALUES FROM (1) TO (:first);
CREATE TABLE audit_entry_2 PARTITION OF audit_entry (UNIQUE (id))
    FOR VALUES FROM (:first) TO (:second);
COMMIT;
