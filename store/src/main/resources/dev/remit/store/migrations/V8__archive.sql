-- Closed sessions in files, and tables that stay small. The mechanisms are described in
-- docs/durability.md; nothing here reads or rewrites a table.

-- A file of the archive. It is complete and checked before it stands here.
CREATE TABLE archive_file (
    name     text PRIMARY KEY,                 -- below the folder of the archive
    sha256   text NOT NULL,
    bytes    bigint NOT NULL,
    sessions int NOT NULL,
    closed   timestamptz NOT NULL,             -- when the last of them was closed
    made_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A session whose log is in a file. Its row in the table of sessions stays, so that it is listed
-- and found, and its idempotency key stays taken.
CREATE TABLE archived (
    session uuid PRIMARY KEY,
    file    text NOT NULL REFERENCES archive_file,
    place   bigint NOT NULL,                   -- first byte in the file
    length  bigint NOT NULL,
    events  bigint NOT NULL,
    emptied boolean NOT NULL DEFAULT false     -- its rows are gone from the tables of the log
);
CREATE INDEX archived_file ON archived (file);
CREATE INDEX archived_full ON archived (session) WHERE NOT emptied;

-- Sessions that somebody wanted back: they are kept again from then on.
CREATE TABLE archive_hold (
    session uuid PRIMARY KEY,
    since   timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Rows that change with every step, or come and go: vacuumed long before a fifth of them is dead.
ALTER TABLE session  SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
                          autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE gate     SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
ALTER TABLE node     SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0,
                          autovacuum_vacuum_threshold = 200);
ALTER TABLE snapshot SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05,
                          autovacuum_vacuum_threshold = 200);
ALTER TABLE inbox    SET (autovacuum_vacuum_insert_scale_factor = 0.1);

-- From here on, events and their large contents lie in partitions by ranges of session ids, which
-- are ordered by time. What is there becomes the first partition, up to this id.
CREATE TABLE partitioning (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    bound uuid NOT NULL
);
INSERT INTO partitioning (bound)
SELECT CASE WHEN coalesce((SELECT session FROM event ORDER BY session DESC LIMIT 1) < b.month
                      AND (SELECT session FROM blob ORDER BY session DESC LIMIT 1) < b.month, true)
            THEN b.month
            ELSE 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid END   -- ids from a clock that was wrong
FROM (SELECT (lpad(to_hex((extract(epoch FROM date_trunc('month', now() AT TIME ZONE 'UTC')
                                              + interval '1 month') * 1000)::bigint), 12, '0')
              || repeat('0', 20))::uuid AS month) b;

-- Checked for new rows at once, and for old ones by the next script, which locks nobody out.
DO $$
BEGIN
    SET LOCAL lock_timeout = '3s';
    EXECUTE format('ALTER TABLE event ADD CONSTRAINT event_before CHECK (session < %L) NOT VALID',
                   (SELECT bound FROM partitioning));
    EXECUTE format('ALTER TABLE blob ADD CONSTRAINT blob_before CHECK (session < %L) NOT VALID',
                   (SELECT bound FROM partitioning));
END $$;
