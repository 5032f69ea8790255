-- The tables change their names; nothing is read or copied, for the constraints are known to hold.
-- The lock is held for as long as that takes, and not waited for longer than a moment: whoever
-- waits for it holds up everybody behind him.
SET LOCAL lock_timeout = '3s';

ALTER TABLE event RENAME TO event_first;
ALTER INDEX event_pkey RENAME TO event_first_pkey;
CREATE TABLE event (
    session uuid NOT NULL,
    seq     bigint NOT NULL,
    epoch   bigint NOT NULL,
    at      bigint NOT NULL,                   -- nanoseconds since 1970, exactly as folded
    version int NOT NULL,                      -- of the body's form
    body    text NOT NULL,
    PRIMARY KEY (session, seq)
) PARTITION BY RANGE (session);

ALTER TABLE blob RENAME TO blob_first;
ALTER INDEX blob_pkey RENAME TO blob_first_pkey;
CREATE TABLE blob (
    session uuid NOT NULL,
    hash    bytea NOT NULL,
    body    bytea NOT NULL,
    PRIMARY KEY (session, hash)
) PARTITION BY RANGE (session);

DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['event', 'blob'] LOOP
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
                       part, part || '_first', (SELECT bound FROM partitioning));
        EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', part || '_first', part || '_before');
        -- for ids from a clock that is wrong, and in case that nobody made the next one in time
        EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', part || '_rest', part);
    END LOOP;
END $$;
DROP TABLE partitioning;
