-- Logins that were ended before their time; a row is of no use once the token would have expired by itself.
CREATE TABLE access_revoked_session (
  id         text PRIMARY KEY,
  expires_at timestamptz NOT NULL
);

-- Null: the key carries all that its holder may do.
ALTER TABLE access_api_key ADD COLUMN scopes jsonb;
