-- Why a job is not worked on, when too many waited: 'theirs' or 'all'. Whoever asked is told so instead.
ALTER TABLE jobs ADD COLUMN refused TEXT;
-- When it was claimed last, to know how long jobs take.
ALTER TABLE jobs ADD COLUMN begun_at INTEGER;
-- Whether whoever waits for it was told how long that may take.
ALTER TABLE jobs ADD COLUMN told INTEGER NOT NULL DEFAULT 0;

CREATE INDEX jobs_waiting_of ON jobs (person) WHERE status = 'ready' AND refused IS NULL;
