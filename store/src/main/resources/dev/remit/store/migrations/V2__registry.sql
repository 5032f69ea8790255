-- What was applied: immutable versions of agents and workflows, and which one is current.

CREATE TABLE definition_version (
    name        text NOT NULL,
    version     text NOT NULL,                 -- hash, in hexadecimal
    place       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    kind        text NOT NULL,                 -- agent or workflow
    description text NOT NULL,
    part_of     text,                          -- the workflow in whose folder it lies
    applied_at  timestamptz NOT NULL,
    applied_by  text NOT NULL,
    PRIMARY KEY (name, version)
);

CREATE TABLE definition (
    name    text PRIMARY KEY,
    version text NOT NULL,
    FOREIGN KEY (name, version) REFERENCES definition_version
);

-- Contents of files, each stored once.
CREATE TABLE definition_content (
    hash bytea PRIMARY KEY,
    body bytea NOT NULL
);

CREATE TABLE definition_file (
    name    text NOT NULL,
    version text NOT NULL,
    path    text NOT NULL,
    hash    bytea NOT NULL REFERENCES definition_content,
    PRIMARY KEY (name, version, path),
    FOREIGN KEY (name, version) REFERENCES definition_version
);
