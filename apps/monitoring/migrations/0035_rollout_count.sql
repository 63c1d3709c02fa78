-- What is counted of inference's canaries: totals of one step, and the rows of it whose outcome has not come yet.
CREATE TABLE rollout_count (
  rollout_id text NOT NULL,
  step integer NOT NULL,
  project text NOT NULL,
  model text NOT NULL,
  counts jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (rollout_id, step)
);

-- A row is known by the digest of its name, so that it leads to nobody.
CREATE TABLE rollout_row (
  digest text PRIMARY KEY,
  rollout_id text NOT NULL,
  step integer NOT NULL,
  role text NOT NULL CHECK (role IN ('canary', 'champion')),
  label text NOT NULL,
  counted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX rollout_row_by_age ON rollout_row (counted_at);
