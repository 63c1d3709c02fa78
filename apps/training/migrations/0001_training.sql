-- Copies of what other services own, learnt from their events. All versions are kept: who changed what, and when, decides
-- who may approve (four eyes).
CREATE TABLE contracts (
  project      text NOT NULL,
  dataset      text NOT NULL,
  version      integer NOT NULL,
  digest       text NOT NULL,
  contract     jsonb NOT NULL,
  changed_by   text NOT NULL,
  changed_at   timestamptz NOT NULL,
  PRIMARY KEY (project, dataset, version)
);

CREATE TABLE monitors (
  project      text NOT NULL,
  monitor      text NOT NULL,
  version      integer NOT NULL,
  model        text NOT NULL,
  digest       text NOT NULL,
  changed_by   text NOT NULL,
  changed_at   timestamptz NOT NULL,
  PRIMARY KEY (project, monitor, version)
);
CREATE INDEX monitors_by_model ON monitors (project, model);

CREATE TABLE dataset_versions (
  project          text NOT NULL,
  dataset          text NOT NULL,
  version          integer NOT NULL,
  digest           text NOT NULL,
  contract_version integer NOT NULL,
  contract_digest  text NOT NULL,
  delta_path       text NOT NULL,
  delta_version    integer NOT NULL,
  rows             integer NOT NULL,
  labelled_rows    integer NOT NULL,
  batch_number     integer NOT NULL,
  PRIMARY KEY (project, dataset, version)
);

-- What training owns.
CREATE TABLE pipelines (
  project      text NOT NULL,
  pipeline     text NOT NULL,
  version      integer NOT NULL,
  digest       text NOT NULL,
  definition   jsonb NOT NULL,
  changed_by   text NOT NULL,
  changed_at   timestamptz NOT NULL,
  PRIMARY KEY (project, pipeline, version)
);

CREATE TABLE runs (
  id               uuid PRIMARY KEY,
  project          text NOT NULL,
  pipeline         text NOT NULL,
  pipeline_version integer NOT NULL,
  pipeline_digest  text NOT NULL,
  model            text NOT NULL,
  dataset          text NOT NULL,
  dataset_version  integer NOT NULL,
  dataset_digest   text NOT NULL,
  state            text NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  trigger          text NOT NULL CHECK (trigger IN ('person', 'alert')),
  retrain_id       text,
  started_by       text NOT NULL,
  correlation      text NOT NULL,
  -- Counts the workers that took it up; the newest one alone may finish it.
  attempt          integer NOT NULL DEFAULT 0,
  progress         jsonb,
  result           jsonb,
  failure          text,
  failure_message  text,
  created_at       timestamptz NOT NULL,
  started_at       timestamptz,
  finished_at      timestamptz
);
CREATE INDEX runs_by_project ON runs (project, id DESC);

CREATE TABLE models (
  project      text NOT NULL,
  model        text NOT NULL,
  last_version integer NOT NULL,
  PRIMARY KEY (project, model)
);

CREATE TABLE model_versions (
  project        text NOT NULL,
  model          text NOT NULL,
  version        integer NOT NULL,
  digest         text NOT NULL,
  run_id         uuid NOT NULL REFERENCES runs (id),
  learner        text NOT NULL,
  descriptor     jsonb NOT NULL,
  metrics        jsonb NOT NULL,
  model_file     text NOT NULL,
  last_batch     integer NOT NULL,
  registered_at  timestamptz NOT NULL,
  PRIMARY KEY (project, model, version),
  UNIQUE (project, model, run_id)
);

CREATE TABLE approval_requests (
  request_id   uuid PRIMARY KEY,
  project      text NOT NULL,
  model        text NOT NULL,
  version      integer NOT NULL,
  digest       text NOT NULL,
  alias        text NOT NULL,
  replaces     text,
  run_id       uuid NOT NULL REFERENCES runs (id),
  state        text NOT NULL CHECK (state IN ('open', 'granted', 'rejected', 'expired', 'voided')),
  void_code    text,
  opened_at    timestamptz NOT NULL,
  decided_at   timestamptz,
  UNIQUE (run_id, alias)
);

CREATE TABLE aliases (
  project      text NOT NULL,
  model        text NOT NULL,
  alias        text NOT NULL,
  version      integer NOT NULL,
  digest       text NOT NULL,
  request_id   uuid NOT NULL REFERENCES approval_requests (request_id),
  moved_at     timestamptz NOT NULL,
  PRIMARY KEY (project, model, alias),
  FOREIGN KEY (project, model, version) REFERENCES model_versions (project, model, version)
);

CREATE TABLE alias_history (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project          text NOT NULL,
  model            text NOT NULL,
  alias            text NOT NULL,
  version          integer NOT NULL,
  digest           text NOT NULL,
  previous_version integer,
  previous_digest  text,
  -- One approval moves an alias once.
  request_id       uuid NOT NULL UNIQUE REFERENCES approval_requests (request_id),
  approvers        jsonb NOT NULL,
  moved_at         timestamptz NOT NULL
);
CREATE INDEX alias_history_by_model ON alias_history (project, model, id);

CREATE TABLE retrain_requests (
  retrain_id       text PRIMARY KEY,
  project          text NOT NULL,
  model            text NOT NULL,
  model_version    integer NOT NULL,
  alert_id         text NOT NULL,
  dataset          text NOT NULL,
  window_id        text NOT NULL,
  window_rows      integer NOT NULL,
  members_digest   text NOT NULL,
  minimum_rows     integer NOT NULL,
  -- Labelled rows of the window in the newest dataset version that was looked at.
  labelled_rows    integer NOT NULL DEFAULT 0,
  checked_version  integer,
  state            text NOT NULL CHECK (state IN ('waiting_for_outcomes', 'training', 'answered', 'failed', 'declined')),
  reason           text,
  run_id           uuid REFERENCES runs (id),
  actor            text NOT NULL,
  correlation      text NOT NULL,
  requested_at     timestamptz NOT NULL,
  changed_at       timestamptz NOT NULL
);
CREATE UNIQUE INDEX retrain_requests_one_open ON retrain_requests (project, model)
  WHERE state IN ('waiting_for_outcomes', 'training');
CREATE INDEX retrain_requests_waiting ON retrain_requests (project, dataset) WHERE state = 'waiting_for_outcomes';
