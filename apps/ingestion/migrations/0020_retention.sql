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
