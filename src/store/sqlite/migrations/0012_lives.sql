-- Risks that people have set aside: once per risk and readers.
CREATE TABLE asides (
    -- What people may call it by; never given again.
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Whose: a program's, or what an audience is called where a risk is of no program.
    scope   TEXT    NOT NULL,
    finding TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    spec    TEXT    NOT NULL,
    UNIQUE (scope, finding)
) STRICT;

-- Since when a program has a risk, as a channel was told: a channel's digest rests on public channels and that
-- channel alone, so whoever may read the channel may know.
CREATE TABLE lives (
    program TEXT    NOT NULL,
    finding TEXT    NOT NULL,
    channel TEXT    NOT NULL,
    since   INTEGER NOT NULL,
    -- When it was told last.
    told    INTEGER NOT NULL,
    PRIMARY KEY (program, finding, channel)
) STRICT, WITHOUT ROWID;
