-- What starts sessions by itself: schedules and events. docs/schedules.md describes it. Every fire is
-- decided in a transaction that holds the row of its schedule, or of its group of events, and opens
-- the session: so it is started once, however many nodes look, and whenever one dies.

CREATE TABLE schedule (
    name        text PRIMARY KEY,
    id          bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    agent       text NOT NULL,
    by_folder   boolean NOT NULL,              -- it stands in the agent's file, else it was made by the API
    spec        text NOT NULL,                 -- JSON, as it was written
    next_at     timestamptz,                   -- nominal time of the next fire; absent: there is none
    due         timestamptz,                   -- when somebody has to look
    paused_at   timestamptz,
    paused_by   text,
    pause_note  text,
    changed_at  timestamptz NOT NULL,
    changed_by  text NOT NULL
);
CREATE INDEX schedule_due ON schedule (due) WHERE due IS NOT NULL;
CREATE INDEX schedule_agent ON schedule (agent);

-- What became of each time.
CREATE TABLE schedule_fire (
    schedule   bigint NOT NULL REFERENCES schedule (id) ON DELETE CASCADE,
    fire       text NOT NULL,                  -- its nominal time, or what makes it another one
    kind       text NOT NULL,                  -- time, trigger, backfill
    nominal    timestamptz NOT NULL,
    state      text NOT NULL,                  -- started, ended, skipped, buffered, missed, failed
    decided_at timestamptz NOT NULL,
    session    uuid,
    times      bigint NOT NULL DEFAULT 1,      -- how many times a row of missed ones stands for
    by         text,                           -- who asked for it, if not the time
    why        text,
    PRIMARY KEY (schedule, fire)
);
CREATE INDEX schedule_fire_open ON schedule_fire (schedule, nominal) WHERE state IN ('started', 'buffered');
CREATE INDEX schedule_fire_decided ON schedule_fire (schedule, decided_at);

CREATE TABLE event_trigger (
    name       text PRIMARY KEY,
    id         bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    agent      text NOT NULL,
    by_folder  boolean NOT NULL,
    event      text NOT NULL,
    spec       text NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);
CREATE INDEX event_trigger_event ON event_trigger (event);
CREATE INDEX event_trigger_agent ON event_trigger (agent);

-- Every event that came, so that one that comes twice is taken once.
CREATE TABLE incoming_event (
    name      text NOT NULL,
    id        text NOT NULL,
    at        timestamptz NOT NULL,
    principal text NOT NULL,
    wanted    int NOT NULL,                    -- how many triggers took it
    PRIMARY KEY (name, id)
);
CREATE INDEX incoming_event_at ON incoming_event (at);

-- Events of one key that wait to be started with.
CREATE TABLE event_group (
    trigger  bigint NOT NULL REFERENCES event_trigger (id) ON DELETE CASCADE,
    key      text NOT NULL,
    first_at timestamptz NOT NULL,
    events   bigint NOT NULL,
    due      timestamptz NOT NULL,
    PRIMARY KEY (trigger, key)
) WITH (fillfactor = 70);
CREATE INDEX event_group_due ON event_group (due);

CREATE TABLE waiting_event (
    place     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trigger   bigint NOT NULL REFERENCES event_trigger (id) ON DELETE CASCADE,
    key       text NOT NULL,
    event     text NOT NULL,                   -- its id
    principal text NOT NULL,
    at        timestamptz NOT NULL,
    body      text NOT NULL
);
CREATE INDEX waiting_event_group ON waiting_event (trigger, key, place);

-- What became of them.
CREATE TABLE event_start (
    trigger bigint NOT NULL REFERENCES event_trigger (id) ON DELETE CASCADE,
    place   bigint NOT NULL,                   -- of the first event it was made of
    key     text NOT NULL,
    state   text NOT NULL,                     -- started, ended, cancelling, skipped, failed
    at      timestamptz NOT NULL,
    events  bigint NOT NULL,
    session uuid,
    why     text,
    PRIMARY KEY (trigger, place)
);
CREATE INDEX event_start_open ON event_start (trigger, key) WHERE state IN ('started', 'cancelling');
CREATE INDEX event_start_at ON event_start (trigger, at);
