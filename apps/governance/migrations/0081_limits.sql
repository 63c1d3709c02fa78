-- How much a key, and all callers of a project together, may ask inference for; null: nothing is said.
ALTER TABLE api_keys ADD COLUMN limits jsonb;
ALTER TABLE projects ADD COLUMN limits jsonb;
