-- TOTP secrets, encrypted with a key that is kept outside the database. Without confirmed_at: enrolled, not yet proven.
CREATE TABLE second_factors (
  principal_id text PRIMARY KEY REFERENCES principals (id),
  secret       text NOT NULL,
  confirmed_at timestamptz,
  -- The newest time step whose code was taken: no code counts twice.
  last_step    bigint NOT NULL,
  created_at   timestamptz NOT NULL
);

-- Digests of codes of 80 random bits, each good for one login.
CREATE TABLE recovery_codes (
  principal_id text NOT NULL REFERENCES principals (id),
  digest       text NOT NULL,
  used_at      timestamptz,
  PRIMARY KEY (principal_id, digest)
);

ALTER TABLE principals ADD COLUMN must_change_password boolean NOT NULL DEFAULT false;
