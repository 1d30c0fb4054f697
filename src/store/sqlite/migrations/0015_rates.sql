-- What the vendors allow, shared by the processes of this file. Times are the machine's, in milliseconds since 1970.

-- Calls that count against a limit, until when.
CREATE TABLE places (
    bucket TEXT    NOT NULL,
    place  TEXT    NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (bucket, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX places_by_end ON places (until);

-- Until when a vendor wants to be left alone.
CREATE TABLE pauses (
    bucket TEXT    PRIMARY KEY,
    until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The processes that call, each until when it is believed.
CREATE TABLE callers (
    process TEXT    PRIMARY KEY,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
