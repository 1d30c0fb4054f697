-- Times are milliseconds since 1970, told by the injected clock.

-- One row is a request's whole life: its key makes it happen once, `progress` says how far it came.
CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY,
    key         TEXT    NOT NULL UNIQUE,
    kind        TEXT    NOT NULL,
    payload     TEXT    NOT NULL,
    progress    TEXT    NOT NULL DEFAULT 'null',
    -- ready | running | done | failed
    status      TEXT    NOT NULL DEFAULT 'ready',
    attempt     INTEGER NOT NULL DEFAULT 0,
    -- Counts claims: whoever holds an older number has lost the job.
    fence       INTEGER NOT NULL DEFAULT 0,
    worker      TEXT,
    ready_at    INTEGER NOT NULL,
    lease_until INTEGER,
    created_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    reason      TEXT
) STRICT;

CREATE INDEX jobs_waiting ON jobs (ready_at, id) WHERE status = 'ready';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE status = 'running';
CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;

-- What was posted, for whom: where the next window begins, and what "new" is compared with.
CREATE TABLE digests (
    run_id   TEXT    PRIMARY KEY,
    audience TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    findings TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX digests_of ON digests (audience, at);

-- What was read of a channel, so that the next run fetches only what is new.
CREATE TABLE scans (
    channel TEXT    PRIMARY KEY,
    at      INTEGER NOT NULL,
    bytes   BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX scans_by_age ON scans (at);
