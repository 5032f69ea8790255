-- What is known of sessions beside their logs: which was made of which, and why drivers failed.

-- A session whose log begins as another one's does.
CREATE TABLE fork (
    session   uuid PRIMARY KEY,
    origin    uuid NOT NULL,
    at        bigint NOT NULL,                 -- seq of the newest event that was copied
    forked_at timestamptz NOT NULL,
    forked_by text NOT NULL,
    rewind    boolean NOT NULL                 -- it takes the place of its origin
);
CREATE INDEX fork_origin ON fork (origin, session);

CREATE TABLE driver_failure (
    session uuid PRIMARY KEY,
    at      timestamptz NOT NULL,
    node    text NOT NULL,
    what    text NOT NULL,
    times   int NOT NULL
);

-- Sessions that wait for a person to look. Changes when a session parks, which touches indexes
-- anyway, and never with an append.
CREATE INDEX session_trouble ON session (id) WHERE waiting LIKE '{"for":"trouble"%';
