-- Datasets, and the lock under which their versions are numbered.
CREATE TABLE datasets (
  project text NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, name)
);

CREATE TABLE contracts (
  project text NOT NULL,
  dataset text NOT NULL,
  version integer NOT NULL,
  digest text NOT NULL,
  contract jsonb NOT NULL,
  changed_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, dataset, version),
  FOREIGN KEY (project, dataset) REFERENCES datasets (project, name)
);

-- A batch that was taken; `version` is null where none of its rows was accepted.
CREATE TABLE batches (
  id text PRIMARY KEY,
  project text NOT NULL,
  dataset text NOT NULL,
  contract_version integer NOT NULL,
  digest text NOT NULL,
  source text NOT NULL CHECK (source IN ('upload', 'labelled')),
  read integer NOT NULL,
  accepted integer NOT NULL,
  quarantined integer NOT NULL,
  by_rule jsonb NOT NULL,
  content_digest text NOT NULL,
  version integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  quarantine_deleted_at timestamptz,
  CHECK (read = accepted + quarantined),
  FOREIGN KEY (project, dataset) REFERENCES datasets (project, name)
);
-- The same bytes under the same contract are one batch. Labelled batches are told apart by their predictions.
CREATE UNIQUE INDEX batches_once ON batches (project, dataset, contract_version, digest) WHERE source = 'upload';
CREATE INDEX batches_of_dataset ON batches (project, dataset, id);

CREATE TABLE dataset_versions (
  project text NOT NULL,
  dataset text NOT NULL,
  version integer NOT NULL,
  digest text NOT NULL,
  contract_version integer NOT NULL,
  contract_digest text NOT NULL,
  delta_path text NOT NULL,
  delta_version integer NOT NULL,
  rows integer NOT NULL,
  labelled_rows integer NOT NULL,
  batch_id text NOT NULL REFERENCES batches (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, dataset, version)
);

-- Who is who: the HMAC of a normalised identifier leads to a random pseudonym. Erasure deletes the link and the key.
CREATE TABLE subjects (
  project text NOT NULL,
  identifier_hmac text NOT NULL,
  pseudonym text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, identifier_hmac)
);

-- The store of subject keys: nothing else reads it. A key is wrapped under a key that is kept outside the database.
CREATE TABLE subject_keys (
  pseudonym text PRIMARY KEY,
  wrapped_key bytea NOT NULL
);

-- One row of a prediction: what was predicted and what really happened arrive in either order. The values are emptied
-- once the row is in a batch; what is left tells a repeated event from a new one until retention removes it.
CREATE TABLE prediction_rows (
  project text NOT NULL,
  prediction_id text NOT NULL,
  row integer NOT NULL,
  dataset text,
  fields jsonb,
  subject text,
  label text,
  actor text,
  correlation text,
  joined_at timestamptz,
  batch_id text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, prediction_id, row)
);
CREATE INDEX prediction_rows_waiting ON prediction_rows (project, dataset, joined_at)
  WHERE joined_at IS NOT NULL AND batch_id IS NULL;
CREATE INDEX prediction_rows_claimed ON prediction_rows (batch_id) WHERE batch_id IS NOT NULL AND fields IS NOT NULL;
CREATE INDEX prediction_rows_age ON prediction_rows (created_at);
