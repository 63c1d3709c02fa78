-- The model that each alias points at, with all that judging needs; from `alias.changed`.
CREATE TABLE champion (
  project text NOT NULL,
  model text NOT NULL,
  descriptor jsonb NOT NULL,
  previous jsonb,
  PRIMARY KEY (project, model)
);

CREATE TABLE monitor (
  project text NOT NULL,
  name text NOT NULL,
  version integer NOT NULL,
  digest text NOT NULL,
  model text NOT NULL,
  definition jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, name)
);
CREATE INDEX monitor_by_model ON monitor (project, model);

-- A window holds predictions of one model version. The row of an open one is the lock under which rows are added.
CREATE TABLE observation_window (
  id text PRIMARY KEY,
  project text NOT NULL,
  monitor text NOT NULL,
  model text NOT NULL,
  model_version integer NOT NULL,
  descriptor jsonb NOT NULL,
  previous_reference text,
  state text NOT NULL CHECK (state IN ('open', 'judged')),
  rows integer NOT NULL DEFAULT 0,
  outcomes integer NOT NULL DEFAULT 0,
  counts jsonb NOT NULL,
  previous_counts jsonb,
  opened_at timestamptz NOT NULL DEFAULT now(),
  judged_at timestamptz,
  verdict text,
  report jsonb,
  outcome_report jsonb,
  members_digest text,
  correlation text NOT NULL
);
CREATE UNIQUE INDEX one_open_window ON observation_window (project, monitor) WHERE state = 'open';
CREATE INDEX window_by_time ON observation_window (project, monitor, opened_at);
CREATE INDEX window_without_outcome_report ON observation_window (judged_at) WHERE state = 'judged' AND outcome_report IS NULL;

-- Members of windows: what performance and fairness need of a row once its outcome is known. Kept 30 days at most.
CREATE TABLE window_row (
  window_id text NOT NULL REFERENCES observation_window (id) ON DELETE CASCADE,
  prediction_id text NOT NULL,
  row integer NOT NULL,
  score double precision NOT NULL,
  label text NOT NULL,
  groups jsonb NOT NULL,
  outcome text,
  PRIMARY KEY (prediction_id, row, window_id)
);
CREATE INDEX window_row_by_window ON window_row (window_id);

-- Outcomes that came before their prediction; kept until it comes, 30 days at most.
CREATE TABLE early_outcome (
  prediction_id text NOT NULL,
  row integer NOT NULL,
  project text NOT NULL,
  label text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (prediction_id, row)
);

-- Every prediction and outcome, counted once.
CREATE TABLE observed (
  project text NOT NULL,
  model text NOT NULL,
  model_version integer NOT NULL,
  predictions bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (project, model, model_version)
);

CREATE TABLE alert (
  id text PRIMARY KEY,
  project text NOT NULL,
  monitor text NOT NULL,
  kind text NOT NULL,
  model text NOT NULL,
  model_version integer NOT NULL,
  window_id text NOT NULL,
  last_window_id text NOT NULL,
  columns jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'resolved')),
  raised_at timestamptz NOT NULL DEFAULT now(),
  resolved_at timestamptz,
  resolved_window_id text,
  acknowledged_by text,
  correlation text NOT NULL
);
CREATE UNIQUE INDEX one_open_alert ON alert (project, monitor, kind) WHERE state = 'open';

CREATE TABLE retrain_request (
  id text PRIMARY KEY,
  project text NOT NULL,
  model text NOT NULL,
  alert_id text NOT NULL,
  window_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'answered', 'failed')),
  requested_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz
);
CREATE UNIQUE INDEX one_open_retrain_request ON retrain_request (project, model) WHERE state = 'open';
