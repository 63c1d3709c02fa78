-- Requests of data subjects (GDPR 15 to 21), each with a clock, a person responsible, evidence, and an end.
CREATE TABLE subject_requests (
  id          text PRIMARY KEY,
  project     text NOT NULL,
  pseudonym   text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('access', 'portability', 'rectification', 'restriction', 'objection', 'erasure')),
  state       text NOT NULL CHECK (state IN ('received', 'in_progress', 'fulfilled', 'refused', 'withdrawn')),
  received_at timestamptz NOT NULL,
  due_at      timestamptz NOT NULL,
  extended    boolean NOT NULL DEFAULT false,
  responsible text,
  opened_by   text NOT NULL,
  correlation text NOT NULL,
  -- Who had it carried out, and when.
  run_by      text,
  run_at      timestamptz,
  -- Why it was refused.
  ground      text,
  -- What it came to: digests, versions and figures.
  result      jsonb,
  ended_at    timestamptz
);
CREATE INDEX subject_requests_by_project ON subject_requests (project, id);
CREATE INDEX subject_requests_by_subject ON subject_requests (project, pseudonym, id);
-- Whoever asks twice has one request open.
CREATE UNIQUE INDEX subject_requests_one_open ON subject_requests (project, pseudonym, kind)
  WHERE state IN ('received', 'in_progress');

-- Evidence and reasons: free text that can be erased; the audit entry holds its salted digest.
CREATE TABLE subject_request_notes (
  id         text PRIMARY KEY,
  request_id text NOT NULL REFERENCES subject_requests (id),
  kind       text NOT NULL CHECK (kind IN ('identity', 'evidence', 'reason')),
  author     text NOT NULL,
  text       text,
  -- Of a document that is kept elsewhere.
  digest     text,
  created_at timestamptz NOT NULL
);
CREATE INDEX subject_request_notes_by_request ON subject_request_notes (request_id, id);

-- Which services still owe their answer to what a request ordered.
CREATE TABLE subject_request_steps (
  request_id  text NOT NULL REFERENCES subject_requests (id),
  service     text NOT NULL,
  state       text NOT NULL CHECK (state IN ('waiting', 'done')),
  answer      jsonb,
  answered_at timestamptz,
  PRIMARY KEY (request_id, service)
);

-- Why a subject's data may not be processed as others' are: one row a reason, gone when it is lifted.
CREATE TABLE subject_terms (
  project    text NOT NULL,
  pseudonym  text NOT NULL,
  because    text NOT NULL,
  training   boolean NOT NULL,
  inference  text NOT NULL CHECK (inference IN ('allowed', 'person', 'refused')),
  request_id text,
  since      timestamptz NOT NULL,
  PRIMARY KEY (project, pseudonym, because)
);

-- What access and portability gathered: a sealed object until it expires.
CREATE TABLE subject_archives (
  request_id    text PRIMARY KEY REFERENCES subject_requests (id),
  path          text NOT NULL,
  digest        text NOT NULL,
  size          integer NOT NULL,
  expires_at    timestamptz NOT NULL,
  downloads     integer NOT NULL DEFAULT 0,
  downloaded_at timestamptz,
  deleted_at    timestamptz
);
CREATE INDEX subject_archives_by_expiry ON subject_archives (expires_at) WHERE deleted_at IS NULL;
