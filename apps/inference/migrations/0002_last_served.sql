-- The version that an alias served last: it goes on, also after a restart, where the one that should follow is refused.
ALTER TABLE deployment ADD COLUMN last_served jsonb;
UPDATE deployment SET last_served = descriptor WHERE state = 'serving';
