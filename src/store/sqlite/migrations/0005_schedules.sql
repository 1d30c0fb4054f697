-- Digests made unasked: those of the file, which are written here at every start, and those made in Slack.
CREATE TABLE schedules (
    -- What people may call it by; never given again.
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The name, as it is compared, and the channel.
    key     TEXT    NOT NULL UNIQUE,
    -- What, when, where and by whom.
    spec    TEXT    NOT NULL,
    -- Whether it stands in the file, where alone it can be taken away.
    of_file INTEGER NOT NULL,
    -- The run that made it: a request that is done twice makes it once.
    made_by TEXT,
    -- Slots up to this instant are settled: it was not there yet, was paused, or they became jobs.
    settled INTEGER NOT NULL,
    paused  INTEGER NOT NULL DEFAULT 0,
    -- Why it could not be posted when its maker was told last; null while it can be.
    trouble TEXT
) STRICT;

-- What could not be read, so that the next digest can tell whether that is news.
ALTER TABLE digests ADD COLUMN gaps TEXT NOT NULL DEFAULT '[]';
