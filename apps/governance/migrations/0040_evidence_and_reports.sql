-- Domain events of all services as they came: what reports are made from, each named by its id and digest. They hold no
-- personal data (the classes of their fields say so).
CREATE TABLE evidence (
  event_id    text PRIMARY KEY,
  type        text NOT NULL,
  source      text NOT NULL,
  subject     text NOT NULL,
  project     text,
  -- The names that the payload carries, so that a report finds what concerns a model or a dataset.
  model       text,
  dataset     text,
  correlation text NOT NULL,
  actor       text NOT NULL,
  time        timestamptz NOT NULL,
  -- SHA-256 of the payload as canonical JSON.
  digest      text NOT NULL,
  payload     jsonb NOT NULL
);
CREATE INDEX evidence_by_project ON evidence (project, type, time, event_id);
CREATE INDEX evidence_by_time ON evidence (time, event_id);

-- Reports that were issued. Their files are artifacts by digest; the manifest is signed.
CREATE TABLE reports (
  id          text PRIMARY KEY,
  kind        text NOT NULL,
  project     text,
  model       text,
  dataset     text,
  period_from timestamptz NOT NULL,
  period_to   timestamptz NOT NULL,
  issued_by   text NOT NULL,
  issued_at   timestamptz NOT NULL,
  missing     integer NOT NULL,
  files       jsonb NOT NULL,
  -- With the signature of the audit log's key.
  manifest    jsonb NOT NULL
);
CREATE INDEX reports_by_project ON reports (project, id);
