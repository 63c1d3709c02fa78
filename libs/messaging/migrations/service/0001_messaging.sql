-- What each service keeps of its own for the event bus: outgoing events, how far it has read, what it could not handle.

-- Events written in the transaction of the change; the relay moves them to the log.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  partition integer NOT NULL,
  key text NOT NULL,
  headers jsonb NOT NULL,
  value bytea NOT NULL,
  -- Given by the relay and committed before the event is first sent (Kafka); null until then.
  sequence bigint,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX outbox_sequenced ON outbox (sequence) WHERE sequence IS NOT NULL;

-- One row: who this service is as a producer. Whoever relays holds the row (PostgreSQL log) or its lease (Kafka).
CREATE TABLE outbox_relay (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  producer uuid NOT NULL DEFAULT gen_random_uuid(),
  next_sequence bigint NOT NULL DEFAULT 1,
  lease_owner uuid,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  -- The bus that this schema's offsets belong to; set at the first start.
  bus text
);
INSERT INTO outbox_relay DEFAULT VALUES;

-- The group's next offset; moved by compare-and-set in the transaction of the effects.
CREATE TABLE consumer_position (
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL DEFAULT 0,
  -- The event that failed last, and how often.
  failing_offset bigint,
  tries integer NOT NULL DEFAULT 0,
  PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

-- Highest sequence applied per producer: an event sent again is seen without a row per event.
CREATE TABLE consumer_sequence (
  topic text NOT NULL,
  partition integer NOT NULL,
  producer uuid NOT NULL,
  sequence bigint NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, partition, producer)
) WITH (fillfactor = 50);

CREATE TABLE dead_letter (
  id uuid PRIMARY KEY,
  topic text NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  key text,
  headers jsonb NOT NULL,
  value bytea NOT NULL,
  -- The handler that gave up; empty: the event could not be decoded, for none of them.
  consumer text NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'replayed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  replayed_at timestamptz,
  -- A dead letter lives no longer than its topic's records may.
  expires_at timestamptz,
  UNIQUE (topic, partition, "offset", consumer)
);
CREATE INDEX dead_letter_waiting ON dead_letter (created_at, id);
