-- What a digest said and rests on, for as long as somebody may ask about it in its thread.
CREATE TABLE told (
    run_id  TEXT    PRIMARY KEY,
    at      INTEGER NOT NULL,
    asker   TEXT    NOT NULL,
    digest  TEXT    NOT NULL,
    -- Where it was posted; NULL until it was.
    channel TEXT,
    thread  TEXT,
    -- What was last asked about: "it".
    subject TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX told_in ON told (channel, thread, at);
CREATE INDEX told_by_age ON told (at);
