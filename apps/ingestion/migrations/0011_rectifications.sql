-- Corrections of a subject's rows (GDPR 16), by the request that asked for them. A correction's version and event are made
-- from its Delta commit, which does not name the subject: this does.
CREATE TABLE rectifications (
  request_id text PRIMARY KEY,
  project text NOT NULL,
  dataset text NOT NULL,
  pseudonym text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
