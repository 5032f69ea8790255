-- The log of sessions, and who may write it. The mechanisms are described in docs/durability.md.

-- Version of the rules by which actions are authorised: kills, mandates, revoked keys. Whoever
-- changes a rule does it in one transaction of separate statements: version + 1 here, the rule
-- itself, then every gate. That waits out each running append and refuses every later one that
-- was authorised by the old rules.
CREATE TABLE rules (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL
);
INSERT INTO rules (version) VALUES (1);

-- One run of one server. It lives until its lease is over by this database's clock and a peer (or
-- its own next run) has fenced it; that one row fences all its sessions.
CREATE TABLE node (
    incarnation uuid PRIMARY KEY,
    name        text NOT NULL,
    lease       timestamptz NOT NULL,
    fenced      boolean NOT NULL DEFAULT false
);
CREATE INDEX node_name ON node (name);

-- One for each connection that writes. An append holds its gate FOR SHARE.
CREATE TABLE gate (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incarnation uuid NOT NULL REFERENCES node ON DELETE CASCADE,
    rules       bigint NOT NULL,
    fenced      boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);
CREATE INDEX gate_incarnation ON gate (incarnation);

-- The hot row of a session. An append changes head, updated_at and recoveries, and none of them is
-- indexed: so the update stays on its page and touches no index.
CREATE TABLE session (
    id          uuid PRIMARY KEY,
    head        bigint NOT NULL,
    epoch       bigint NOT NULL DEFAULT 0,
    owner       uuid,                          -- incarnation of the node that drives it
    mail        bigint NOT NULL DEFAULT 0,     -- position of the newest mail
    recoveries  int NOT NULL DEFAULT 0,        -- drivers in a row that died without progress
    ready_at    timestamptz,                   -- since when it has something to do and no driver
    due         timestamptz,                   -- when it is to be woken
    closed      boolean NOT NULL DEFAULT false,

    -- what a list of sessions shows
    definition         text NOT NULL,
    definition_version text NOT NULL,
    parent        uuid,
    parent_action text,
    opened_at     timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    waiting       text,                        -- JSON; absent while it runs
    stop_reason   text,
    outcome       text,                        -- JSON
    why           text,
    usage         text,                        -- JSON, once closed
    cost_micros   bigint,

    CHECK (owner IS NULL OR (ready_at IS NULL AND due IS NULL AND NOT closed))
) WITH (fillfactor = 50);
CREATE INDEX session_ready    ON session (ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX session_due      ON session (due) WHERE due IS NOT NULL;
CREATE INDEX session_owner    ON session (owner) WHERE owner IS NOT NULL;
CREATE INDEX session_top      ON session (id) WHERE parent IS NULL;
CREATE INDEX session_open     ON session (id) WHERE NOT closed;
CREATE INDEX session_children ON session (parent, id) WHERE parent IS NOT NULL;
CREATE INDEX session_agent    ON session (definition, id);

-- Keyed by time-ordered ids, so that it can be partitioned by ranges of them.
CREATE TABLE event (
    session uuid NOT NULL,
    seq     bigint NOT NULL,
    epoch   bigint NOT NULL,
    at      bigint NOT NULL,                   -- nanoseconds since 1970, exactly as folded
    version int NOT NULL,                      -- of the body's form
    body    text NOT NULL,
    PRIMARY KEY (session, seq)
);

-- Large contents, once a session. Not shared between sessions: that deadlocked.
CREATE TABLE blob (
    session uuid NOT NULL,
    hash    bytea NOT NULL,
    body    bytea NOT NULL,
    PRIMARY KEY (session, hash)
);

CREATE TABLE inbox (
    session  uuid NOT NULL,
    position bigint NOT NULL,                  -- from 1 without gaps
    body     text NOT NULL,
    PRIMARY KEY (session, position)
);

-- A folded state, to shorten the next load.
CREATE TABLE snapshot (
    session uuid PRIMARY KEY,
    seq     bigint NOT NULL,
    version int NOT NULL,                      -- of the body's form
    body    text NOT NULL
);

-- How an action ended, from one who may no longer append.
CREATE TABLE kept (
    session uuid NOT NULL,
    action  text NOT NULL,
    attempt int NOT NULL,
    version int NOT NULL,
    body    text NOT NULL,
    PRIMARY KEY (session, action, attempt)
);

CREATE TABLE idempotency (
    principal text NOT NULL,
    key       text NOT NULL,
    request   text NOT NULL,                   -- hash of what was asked
    session   uuid NOT NULL,
    PRIMARY KEY (principal, key)
);
