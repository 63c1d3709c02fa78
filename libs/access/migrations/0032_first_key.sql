-- The first of the keys that took each other's place: limits count for them together; null: the key itself.
ALTER TABLE access_api_key ADD COLUMN first_key_id text;
