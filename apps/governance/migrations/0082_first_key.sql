-- The first of the keys that took each other's place: limits count for them together; null: the key itself.
ALTER TABLE api_keys ADD COLUMN first_key_id text;
WITH RECURSIVE chain AS (
  SELECT k.id AS first, k.replaced_by AS id FROM api_keys k
  WHERE k.replaced_by IS NOT NULL AND NOT EXISTS (SELECT FROM api_keys before WHERE before.replaced_by = k.id)
  UNION ALL
  SELECT chain.first, k.replaced_by FROM chain JOIN api_keys k ON k.id = chain.id WHERE k.replaced_by IS NOT NULL
)
UPDATE api_keys SET first_key_id = chain.first FROM chain WHERE api_keys.id = chain.id;
