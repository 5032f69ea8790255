-- Budgets, what nodes hold of them, and the ledger. The mechanisms are described in docs/money.md.

-- Grows with each change of the rules below. Whoever makes a budget's row of a window holds it FOR
-- SHARE, so that no row is made by a rule that is being changed.
CREATE TABLE budget_rules (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL
);
INSERT INTO budget_rules (version) VALUES (1);

-- A limit for a scope in each window. If both sources have one, that of the API holds.
CREATE TABLE budget_rule (
    scope      text NOT NULL,
    span       text NOT NULL,                  -- hour, day, week, month, total
    source     text NOT NULL CHECK (source IN ('api', 'config')),
    cap        bigint NOT NULL CHECK (cap >= 0),
    hard       boolean NOT NULL,
    thresholds int[] NOT NULL,
    zone       text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (scope, span, source)
);

-- A rule in one window. `used` is what was settled, what nodes hold, and what dead nodes held.
-- It passes the cap only by what providers billed beyond what was reserved.
CREATE TABLE budget (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope  text NOT NULL,
    span   text NOT NULL,
    starts timestamptz NOT NULL,
    ends   timestamptz NOT NULL,               -- infinity for a total
    cap    bigint NOT NULL,
    hard   boolean NOT NULL,
    used   bigint NOT NULL DEFAULT 0,
    tight  boolean NOT NULL DEFAULT false,     -- little is left: nobody holds more than it needs
    UNIQUE (scope, span, starts)
) WITH (fillfactor = 50);
CREATE INDEX budget_ends ON budget (ends);

-- What a node holds of a budget: taken from what was left, grown by what was billed beyond what was
-- reserved, and of that what is settled.
CREATE TABLE slice (
    budget      bigint NOT NULL REFERENCES budget ON DELETE CASCADE,
    incarnation uuid NOT NULL,
    taken       bigint NOT NULL DEFAULT 0,
    grown       bigint NOT NULL DEFAULT 0,
    spent       bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (budget, incarnation)
) WITH (fillfactor = 50);
CREATE INDEX slice_incarnation ON slice (incarnation);

-- Makes statements of a node that come twice, or late, be done once: each names the number before.
CREATE TABLE teller (
    incarnation uuid NOT NULL,
    lane        text NOT NULL,                 -- take: slices; write: rows; rules: newest it knows
    seq         bigint NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (incarnation, lane)
) WITH (fillfactor = 50);

-- The ledger: a row an attempt. Keyed by time-ordered ids, so that it can be partitioned by them.
CREATE TABLE attempt (
    id          uuid PRIMARY KEY,
    call        uuid NOT NULL,                 -- of an unattributed row: incarnation of the dead node
    number      int NOT NULL,
    at          timestamptz NOT NULL,
    cause       text NOT NULL,                 -- principals, nearest first, a line each
    principal   text,                          -- the first of them
    key         text,
    team        text,
    agent       text,
    session     text,
    parent      text,
    end_user    text,
    tags        jsonb,
    route       text NOT NULL,
    provider    text NOT NULL,
    model       text NOT NULL,
    answered    text,
    input       bigint NOT NULL,
    cache_read  bigint NOT NULL,
    cache_write bigint NOT NULL,
    output      bigint NOT NULL,
    reasoning   bigint NOT NULL,
    cost        bigint NOT NULL,
    certain     boolean NOT NULL,
    saved       bigint NOT NULL,
    reserved    bigint,                        -- absent: nothing was
    budgets     bigint[] NOT NULL,             -- that it was reserved in
    scope       text,                          -- of an unattributed row alone: whose money it was
    wire        text NOT NULL,
    streamed    boolean NOT NULL,
    first_token bigint,                        -- microseconds
    total       bigint NOT NULL,
    ending      text NOT NULL,
    why         text,
    prices      text
);
CREATE INDEX attempt_at      ON attempt USING brin (at) WITH (pages_per_range = 16);
CREATE INDEX attempt_call    ON attempt (call);
CREATE INDEX attempt_session ON attempt (session) WHERE session IS NOT NULL;
CREATE INDEX attempt_overrun ON attempt (id) WHERE cost > reserved;
CREATE INDEX attempt_lost    ON attempt (id) WHERE scope IS NOT NULL;

-- What was said. A content is stored once a day, so that forgetting old days leaves newer ones whole.
CREATE TABLE exchange (
    attempt uuid PRIMARY KEY,
    day     date NOT NULL,
    request bytea NOT NULL,
    answer  bytea
);
CREATE INDEX exchange_day ON exchange (day);

CREATE TABLE exchange_blob (
    day  date NOT NULL,
    hash bytea NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (day, hash)
);

-- That so many percent of a budget are spent is told once.
CREATE TABLE budget_notice (
    budget    bigint NOT NULL REFERENCES budget ON DELETE CASCADE,
    threshold int NOT NULL,
    spent     bigint NOT NULL,
    cap       bigint NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (budget, threshold)
);
