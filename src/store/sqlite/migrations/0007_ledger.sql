-- What models cost. A row is one call: reserved before it, settled after it. Amounts are millionths of a
-- millionth of a US dollar, so that sums are exact.
CREATE TABLE ledger (
    id            INTEGER PRIMARY KEY,
    run_id        TEXT    NOT NULL,
    -- The day whose budget it is on, in the configured zone: 2026-11-22.
    day           TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    workflow      TEXT    NOT NULL,
    -- Who asked; null for nobody in particular.
    person        TEXT,
    agent         TEXT    NOT NULL,
    model         TEXT    NOT NULL,
    -- The most that the call can cost.
    reserved      INTEGER NOT NULL,
    -- When the reservation of a process that died no longer counts. Null once settled, and for calls of
    -- which nobody knows whether they are billed: those count for good.
    expires_at    INTEGER,
    -- What it did cost; null until settled.
    cost          INTEGER,
    saved         INTEGER NOT NULL DEFAULT 0,
    input         INTEGER NOT NULL DEFAULT 0,
    cached        INTEGER NOT NULL DEFAULT 0,
    cache_written INTEGER NOT NULL DEFAULT 0,
    output        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX ledger_of_day ON ledger (day);
CREATE INDEX ledger_of_run ON ledger (run_id);
