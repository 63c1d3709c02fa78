-- How much a key, and all callers of a project together, may ask inference for; null: nothing is said.
ALTER TABLE access_api_key ADD COLUMN limits jsonb;
ALTER TABLE access_project ADD COLUMN limits jsonb;
