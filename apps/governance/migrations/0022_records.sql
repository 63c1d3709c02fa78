-- The books of processing: purposes, settings, bindings and risk of models, every version and who made it.
CREATE TABLE processing_entries (
  project    text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('settings', 'purpose', 'binding', 'model')),
  name       text NOT NULL,
  version    integer NOT NULL,
  content    jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (project, kind, name, version)
);

-- What other services told of what is processed, so that the record of processing is generated and not typed twice.
CREATE TABLE processing_facts (
  project text NOT NULL,
  kind    text NOT NULL CHECK (kind IN ('contract', 'dataset-version', 'model-version')),
  name    text NOT NULL,
  version integer NOT NULL,
  facts   jsonb NOT NULL,
  at      timestamptz NOT NULL,
  PRIMARY KEY (project, kind, name, version)
);

-- What data subjects agreed to and took back. Events are never changed; erasure of a subject deletes them.
CREATE TABLE consent_events (
  id           text PRIMARY KEY,
  project      text NOT NULL,
  pseudonym    text NOT NULL CHECK (pseudonym ~ '^sub_[0-9a-f]{32}$'),
  purpose      text NOT NULL,
  state        text NOT NULL CHECK (state IN ('given', 'withdrawn')),
  text_version integer,
  text_digest  text,
  -- When the subject said so, and when it was recorded here.
  at           timestamptz NOT NULL,
  recorded_at  timestamptz NOT NULL,
  recorded_by  text NOT NULL,
  CHECK (state = 'withdrawn' OR text_version IS NOT NULL)
);
CREATE INDEX consent_events_by_subject ON consent_events (project, pseudonym, purpose, at, id);
CREATE INDEX consent_events_by_id ON consent_events (project, id);

-- Impact assessments of models: every version; the generated part as it was when it was written.
CREATE TABLE impact_assessments (
  project      text NOT NULL,
  model        text NOT NULL,
  version      integer NOT NULL,
  body         jsonb NOT NULL,
  generated    jsonb NOT NULL,
  -- Digest over what the assessment is about: purposes, dataset, inputs, sensitive columns, groups.
  scope_digest text NOT NULL,
  written_by   text NOT NULL,
  written_at   timestamptz NOT NULL,
  signed_by    text CHECK (signed_by <> written_by),
  signed_at    timestamptz,
  PRIMARY KEY (project, model, version)
);
