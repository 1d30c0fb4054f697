-- Tells a reader who has read a scan for long from an event that changed it meanwhile.
ALTER TABLE scans ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

-- Who reads a channel, so that no other process reads it at the same time.
CREATE TABLE scan_turns (
    channel TEXT    PRIMARY KEY,
    holder  TEXT    NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The processes that hear what happens in Slack, each until when it is believed.
CREATE TABLE listeners (
    id    TEXT    PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Counts the times that something may have been missed: as long as it stands still, everything was heard.
CREATE TABLE listening (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    epoch INTEGER NOT NULL
) STRICT;

INSERT INTO listening (one, epoch) VALUES (1, 1);
