-- Who waits for a job; null for nobody. Whoever has fewer jobs under way comes first.
ALTER TABLE jobs ADD COLUMN person TEXT;

CREATE INDEX jobs_of ON jobs (person, lease_until) WHERE status = 'running';
