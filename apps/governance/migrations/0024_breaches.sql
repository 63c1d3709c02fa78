-- Breaches of personal data (GDPR Art. 33, 34), with the clock of 72 hours and what may have been exposed.
CREATE TABLE breaches (
  id          text PRIMARY KEY,
  project     text NOT NULL,
  -- Free texts of people: erasable. The audit entries hold their salted digests.
  summary     text,
  end_reason  text,
  scope       jsonb NOT NULL,
  aware_at    timestamptz NOT NULL,
  opened_by   text NOT NULL,
  opened_at   timestamptz NOT NULL,
  exposure    jsonb,
  state       text NOT NULL CHECK (state IN ('open', 'notified', 'not_notifiable')),
  ended_by    text,
  ended_at    timestamptz,
  correlation text NOT NULL
);
CREATE INDEX breaches_by_project ON breaches (project, id);
