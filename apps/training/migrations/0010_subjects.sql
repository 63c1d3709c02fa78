-- What governance ordered about data subjects, what came of it, and what they do not allow (libs/subjects).

-- Erasures and gatherings. The id is the request's. `note` holds what later steps need; it goes with the end.
CREATE TABLE subject_tasks (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('erase', 'gather')),
  project text NOT NULL,
  pseudonym text NOT NULL,
  recipient_key text,
  payload jsonb NOT NULL,
  note jsonb,
  state text NOT NULL CHECK (state IN ('waiting', 'done')),
  failure text,
  actor text NOT NULL,
  correlation text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz
);
CREATE INDEX subject_tasks_waiting ON subject_tasks (created_at) WHERE state = 'waiting';

-- What an erasure destroyed: written down before it is destroyed.
CREATE TABLE subject_parts (
  task_id text NOT NULL REFERENCES subject_tasks (id),
  store text NOT NULL,
  name text NOT NULL,
  old_digest text,
  new_digest text,
  items integer NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (task_id, store, name)
);

-- Pseudonyms that lead to nobody: nothing is kept under them any more.
CREATE TABLE erased_subjects (
  pseudonym text PRIMARY KEY,
  project text NOT NULL,
  request_id text NOT NULL,
  erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX erased_subjects_by_time ON erased_subjects (erased_at);

-- Subjects who do not allow everything.
CREATE SEQUENCE subject_processing_sequence;
CREATE TABLE subject_processing (
  project text NOT NULL,
  pseudonym text NOT NULL,
  training boolean NOT NULL,
  inference text NOT NULL CHECK (inference IN ('allowed', 'person', 'refused')),
  because jsonb NOT NULL,
  sequence bigint NOT NULL DEFAULT nextval('subject_processing_sequence'),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, pseudonym)
);
CREATE INDEX subject_processing_by_sequence ON subject_processing (sequence);

-- Model versions that were trained on data which has since been erased or corrected.
CREATE TABLE model_flags (
  project text NOT NULL,
  model text NOT NULL,
  version integer NOT NULL,
  request_id text NOT NULL,
  because text NOT NULL CHECK (because IN ('erasure', 'rectification')),
  flagged_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, model, version, request_id)
);
