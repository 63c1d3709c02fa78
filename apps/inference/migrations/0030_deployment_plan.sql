-- Aliases beside the champion: `idle` while nothing of the plan serves them.
ALTER TABLE deployment DROP CONSTRAINT deployment_state_check;
ALTER TABLE deployment ADD CONSTRAINT deployment_state_check
  CHECK (state IN ('loading', 'serving', 'refused', 'idle'));

-- Versions that an alias pointed to once. Those of the alias `shadow` alone were not approved to answer callers.
CREATE TABLE approved_version (
  project text NOT NULL,
  model text NOT NULL,
  version integer NOT NULL,
  digest text NOT NULL,
  descriptor jsonb NOT NULL,
  may_answer boolean NOT NULL,
  PRIMARY KEY (project, model, version)
);
INSERT INTO approved_version (project, model, version, digest, descriptor, may_answer)
  SELECT DISTINCT ON (project, model, d->>'version') project, model, (d->>'version')::integer, d->>'digest', d, true
    FROM deployment, LATERAL (VALUES (descriptor), (last_served)) AS v (d)
   WHERE d IS NOT NULL;

-- How a model is served, as a person set it.
CREATE TABLE deployment_plan (
  project text NOT NULL,
  model text NOT NULL,
  version integer NOT NULL,
  digest text NOT NULL,
  plan jsonb NOT NULL,
  changed_by text NOT NULL,
  correlation text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, model)
);

-- A canary's way. One goes on at a time for each model.
CREATE TABLE rollout (
  id text PRIMARY KEY,
  project text NOT NULL,
  model text NOT NULL,
  settings jsonb NOT NULL,
  descriptor jsonb NOT NULL,
  champion_version integer NOT NULL,
  champion_digest text NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'promotion_requested', 'promoted', 'rolled_back', 'superseded')),
  step integer NOT NULL CHECK (step >= 0),
  reason text NOT NULL,
  requested_by text NOT NULL,
  correlation text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  step_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz
);
CREATE UNIQUE INDEX rollout_going_on ON rollout (project, model) WHERE state IN ('running', 'promotion_requested');
CREATE INDEX rollout_of_model ON rollout (project, model, started_at DESC);

-- Each move of a rollout, with the gates as they stood.
CREATE TABLE rollout_move (
  rollout_id text NOT NULL REFERENCES rollout (id),
  number integer NOT NULL,
  state text NOT NULL,
  step integer NOT NULL,
  percent double precision NOT NULL,
  reason text NOT NULL,
  judgement jsonb,
  moved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (rollout_id, number)
);

-- What was counted of a comparison: totals that only grow, one row for each process that counts. Writing a row again
-- changes nothing, so neither a repeated nor a lost answer of the database counts anything twice.
CREATE TABLE comparison_count (
  key text NOT NULL,
  source text NOT NULL,
  counts jsonb NOT NULL,
  counted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key, source)
);
