-- How long data are kept, beside what the purposes say: every version, and who made it.
CREATE TABLE retention_policies (
  project    text NOT NULL,
  version    integer NOT NULL,
  policy     jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (project, version)
);

-- Legal holds: what may not be deleted by age, why, who said so, and until when.
CREATE TABLE legal_holds (
  id          text PRIMARY KEY,
  project     text NOT NULL,
  -- Null: every dataset, every class.
  dataset     text,
  class       text,
  reason      text NOT NULL,
  until       timestamptz,
  placed_by   text NOT NULL,
  placed_at   timestamptz NOT NULL,
  lifted_by   text,
  lifted_at   timestamptz,
  lift_reason text
);
CREATE INDEX legal_holds_by_project ON legal_holds (project, id);

-- Runs: what is to go is counted first, confirmed by a second person or by policy, then deleted.
CREATE TABLE retention_runs (
  id             text PRIMARY KEY,
  project        text NOT NULL,
  origin         text NOT NULL CHECK (origin IN ('person', 'schedule')),
  unattended     boolean NOT NULL,
  state          text NOT NULL CHECK (state IN ('counting', 'counted', 'deleting', 'done', 'empty', 'cancelled')),
  orders         jsonb NOT NULL,
  -- Orders that legal holds stopped when it was opened or confirmed.
  held           jsonb NOT NULL,
  policy_version integer NOT NULL,
  policy_by      text,
  opened_by      text NOT NULL,
  opened_at      timestamptz NOT NULL,
  -- What would go, by service and store.
  counts         jsonb,
  counted_at     timestamptz,
  confirmed_by   text,
  confirmed_at   timestamptz,
  deleted_items  integer,
  -- Artifact: the signed evidence.
  evidence       text,
  ended_by       text,
  ended_at       timestamptz,
  correlation    text NOT NULL,
  CHECK (confirmed_by IS NULL OR confirmed_by <> opened_by OR (unattended AND opened_by = 'governance'))
);
CREATE INDEX retention_runs_by_project ON retention_runs (project, id);
CREATE UNIQUE INDEX retention_runs_one_open ON retention_runs (project, origin, unattended)
  WHERE state IN ('counting', 'counted', 'deleting');

-- Which services still owe their answer.
CREATE TABLE retention_steps (
  run_id        text NOT NULL REFERENCES retention_runs (id),
  mode          text NOT NULL CHECK (mode IN ('count', 'delete')),
  service       text NOT NULL,
  report_digest text,
  items         integer,
  held          integer,
  answered_at   timestamptz,
  PRIMARY KEY (run_id, mode, service)
);

-- What governance ordered to be counted or deleted by age, what came of it, and the legal holds that stop it
-- (libs/subjects).
CREATE TABLE retention_tasks (
  run_id        text NOT NULL,
  mode          text NOT NULL CHECK (mode IN ('count', 'delete')),
  project       text NOT NULL,
  orders_digest text NOT NULL,
  state         text NOT NULL CHECK (state IN ('waiting', 'done')),
  failure       text,
  actor         text NOT NULL,
  correlation   text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  done_at       timestamptz,
  PRIMARY KEY (run_id, mode)
);
CREATE INDEX retention_tasks_waiting ON retention_tasks (created_at) WHERE state = 'waiting';

-- What a run deleted: a file before it goes, rows in the transaction that deletes them.
CREATE TABLE retention_parts (
  run_id      text NOT NULL,
  class       text NOT NULL,
  store       text NOT NULL,
  name        text NOT NULL,
  items       integer NOT NULL,
  oldest      timestamptz,
  old_digest  text,
  new_digest  text,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, class, store, name)
);

-- Legal holds in force; one whose time is over no longer counts.
CREATE TABLE retention_holds (
  id      text PRIMARY KEY,
  project text NOT NULL,
  dataset text,
  class   text,
  until   timestamptz
);
CREATE INDEX retention_holds_by_project ON retention_holds (project);
