-- Rights that a person took in an emergency. The review stays open until somebody else signs it.
CREATE TABLE emergency_accesses (
  id          text PRIMARY KEY,
  project     text NOT NULL,
  person      text NOT NULL REFERENCES principals (id),
  role        text NOT NULL,
  -- Free texts of people: erasable. The audit entries hold their salted digests.
  reason      text,
  review_note text,
  -- Who was told, and may sign.
  informed    text[] NOT NULL,
  started_at  timestamptz NOT NULL,
  until_at    timestamptz NOT NULL CHECK (until_at > started_at),
  ended_at    timestamptz,
  reviewed_by text CHECK (reviewed_by <> person),
  reviewed_at timestamptz,
  justified   boolean,
  correlation text NOT NULL
);
CREATE INDEX emergency_accesses_by_project ON emergency_accesses (project, id);
CREATE UNIQUE INDEX emergency_accesses_active ON emergency_accesses (project, person, role) WHERE ended_at IS NULL;
