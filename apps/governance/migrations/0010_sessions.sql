-- Logins whose tokens may still be valid, and those that were ended. Deleted a day after their tokens expire; address
-- and browser are there so that a person recognises his own, and nowhere else.
CREATE TABLE sessions (
  id           text PRIMARY KEY,
  principal_id text NOT NULL REFERENCES principals (id),
  kind         text NOT NULL CHECK (kind IN ('cookie', 'token')),
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  ended_at     timestamptz,
  ended_by     text,
  address      text,
  user_agent   text
);
CREATE INDEX sessions_by_principal ON sessions (principal_id, id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
