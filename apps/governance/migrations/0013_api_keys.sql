-- What a key is for (null: all that its holder may), when it was last used, and by which key it was replaced.
ALTER TABLE api_keys
  ADD COLUMN scopes jsonb,
  ADD COLUMN last_used_at timestamptz,
  ADD COLUMN replaced_by text;
