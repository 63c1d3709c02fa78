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

-- What a prediction decided, for its subject to see as long as the row is kept; the subject stays with it until then.
ALTER TABLE prediction_rows
  ADD COLUMN model text,
  ADD COLUMN model_version integer,
  ADD COLUMN score double precision,
  ADD COLUMN decided text,
  ADD COLUMN predicted_at timestamptz,
  ADD COLUMN caller text;
CREATE INDEX prediction_rows_by_subject ON prediction_rows (project, subject) WHERE subject IS NOT NULL;

ALTER TABLE batches DROP CONSTRAINT batches_source_check,
  ADD CHECK (source IN ('upload', 'labelled', 'rectified'));
-- Rows that erasures took out of a version, and the digest of what it holds since; null: it holds what its digest says.
ALTER TABLE dataset_versions
  ADD COLUMN erased_rows integer NOT NULL DEFAULT 0,
  ADD COLUMN current_digest text;

-- Which erasure took how many rows out of which batch: counted once.
CREATE TABLE erased_batches (
  request_id text NOT NULL,
  project text NOT NULL,
  dataset text NOT NULL,
  batch integer NOT NULL,
  rows integer NOT NULL,
  labelled_rows integer NOT NULL,
  erased_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (request_id, project, dataset, batch)
);

-- A data file that an erasure replaced: which rows of which batches went with it.
CREATE TABLE erased_file_rows (
  request_id text NOT NULL,
  project text NOT NULL,
  dataset text NOT NULL,
  file text NOT NULL,
  batch integer NOT NULL,
  row integer NOT NULL,
  labelled boolean NOT NULL,
  PRIMARY KEY (request_id, dataset, file, batch, row)
);
