-- Who may do what: teams, principals with their roles, and keys. docs/security.md describes them.

CREATE TABLE team (
    name        text PRIMARY KEY,
    description text,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by  text NOT NULL
);

CREATE TABLE principal (
    kind       text NOT NULL,                  -- person, service, agent, schedule, webhook
    name       text NOT NULL,                  -- a person's is a mail address
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL,
    PRIMARY KEY (kind, name)
);

-- Over one team, or over the organisation, which is no team.
CREATE TABLE principal_role (
    kind text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    team text REFERENCES team,
    FOREIGN KEY (kind, name) REFERENCES principal ON DELETE CASCADE,
    UNIQUE NULLS NOT DISTINCT (kind, name, role, team)
);

-- The secret of a key is in nobody's hands but its owner's: here is its SHA-256, which is as good as
-- any slower one, since the secret has 256 random bits.
CREATE TABLE access_key (
    id             text PRIMARY KEY,
    place          bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    hash           bytea NOT NULL CHECK (length(hash) = 32),
    name           text NOT NULL,
    principal_kind text NOT NULL,
    principal_name text NOT NULL,
    team           text REFERENCES team,
    agent          text,
    routes         text[] NOT NULL,            -- empty: all
    permissions    text[] NOT NULL,
    requests       bigint NOT NULL,            -- a minute; 0: no limit
    tokens         bigint NOT NULL,            -- a minute
    at_once        int NOT NULL,
    expires_at     timestamptz,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by     text NOT NULL,
    last_used      timestamptz,                -- to the hour
    revoked_at     timestamptz,
    revoked_by     text,
    revoked_rules  bigint,                     -- version of the rules since which it is
    FOREIGN KEY (principal_kind, principal_name) REFERENCES principal,
    CHECK ((revoked_at IS NULL) = (revoked_rules IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX access_key_live ON access_key (id) WHERE revoked_at IS NULL;
CREATE INDEX access_key_revoked ON access_key (revoked_rules) WHERE revoked_rules IS NOT NULL;
CREATE INDEX access_key_team ON access_key (team, place);
CREATE INDEX access_key_principal ON access_key (principal_kind, principal_name);

-- Which version of the rules a node goes by when it accepts keys. Beyond `until`, by this database's
-- clock, a node that has not said more accepts none.
CREATE TABLE rules_seen (
    incarnation uuid PRIMARY KEY REFERENCES node ON DELETE CASCADE,
    rules       bigint NOT NULL,
    until       timestamptz NOT NULL
) WITH (fillfactor = 50);
