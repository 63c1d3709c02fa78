-- The event log: the bus of installations without Kafka. Owned by the owner; services read it, and append through one
-- function that knows from their session who they are.

CREATE TABLE topic (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  -- The one service that may write it. Null: a dead-letter topic, which any service may write in its own name.
  owner text,
  partitions integer NOT NULL CHECK (partitions BETWEEN 1 AND 1000),
  retention_days integer CHECK (retention_days > 0)
);

-- Whoever appends to a partition holds its row until COMMIT. Offsets are therefore dense and in commit order, and a
-- reader needs nothing but "offset > n".
CREATE TABLE head (
  topic_id smallint NOT NULL REFERENCES topic (id),
  partition integer NOT NULL,
  first_offset bigint NOT NULL DEFAULT 0,
  next_offset bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (topic_id, partition)
) WITH (fillfactor = 20, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE record (
  topic_id smallint NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  key text,
  headers jsonb NOT NULL,
  value bytea NOT NULL,
  appended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (topic_id, partition, "offset")
);

-- The service of the session, whatever role it set since. Null for everybody else.
CREATE FUNCTION session_service() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT substring(session_user::text FROM '^steward_([a-z_]+)$')
$$;

-- Appends a batch to one partition and returns its first offset. The caller commits at once.
-- Errors: ST001 unknown topic or partition, ST002 foreign topic, ST003 arrays that do not match or a record too large.
CREATE FUNCTION append(in_topic text, in_partition integer, in_keys text[], in_headers text[], in_values bytea[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = event_log, pg_temp AS $$
DECLARE
  writer text := substring(session_user::text FROM '^steward_([a-z_]+)$');
  target topic%ROWTYPE;
  size integer := cardinality(in_values);
  first bigint;
BEGIN
  SELECT * INTO target FROM topic WHERE name = in_topic;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'There is no topic %.', in_topic USING ERRCODE = 'ST001';
  END IF;
  IF writer IS NULL OR writer <> coalesce(target.owner, writer) THEN
    RAISE EXCEPTION '% may not write the topic %, which belongs to %.', session_user, in_topic, target.owner
      USING ERRCODE = 'ST002';
  END IF;
  IF size = 0 OR cardinality(in_keys) <> size OR cardinality(in_headers) <> size
     OR EXISTS (SELECT 1 FROM unnest(in_values) AS v WHERE v IS NULL OR octet_length(v) > 262144) THEN
    RAISE EXCEPTION 'Keys, headers and values must be of one length, and no value larger than 256 KiB.'
      USING ERRCODE = 'ST003';
  END IF;
  UPDATE head SET next_offset = next_offset + size
    WHERE topic_id = target.id AND partition = in_partition
    RETURNING next_offset - size INTO first;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The topic % has no partition %.', in_topic, in_partition USING ERRCODE = 'ST001';
  END IF;
  INSERT INTO record (topic_id, partition, "offset", key, headers, value)
    SELECT target.id, in_partition, first + n - 1, k,
           CASE WHEN target.owner IS NULL THEN h::jsonb || jsonb_build_object('steward_deadletter_service', writer)
                ELSE h::jsonb END,
           v
      FROM unnest(in_keys, in_headers, in_values) WITH ORDINALITY AS r (k, h, v, n);
  RETURN first;
END $$;

-- Deletes expired records of the session's own topics (and of dead-letter topics), at most in_batch a partition.
-- Returns how many.
CREATE FUNCTION prune(in_batch integer)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = event_log, pg_temp AS $$
DECLARE
  writer text := substring(session_user::text FROM '^steward_([a-z_]+)$');
  part record;
  cut bigint;
  total bigint := 0;
BEGIN
  FOR part IN
    SELECT h.topic_id, h.partition, h.first_offset, h.next_offset, t.retention_days
      FROM head h JOIN topic t ON t.id = h.topic_id
     WHERE t.retention_days IS NOT NULL AND coalesce(t.owner, writer) = writer AND h.first_offset < h.next_offset
     ORDER BY h.topic_id, h.partition
  LOOP
    SELECT coalesce(min(r."offset"), least(part.first_offset + in_batch, part.next_offset)) INTO cut
      FROM record r
     WHERE r.topic_id = part.topic_id AND r.partition = part.partition
       AND r."offset" >= part.first_offset AND r."offset" < part.first_offset + in_batch
       AND r.appended_at >= clock_timestamp() - make_interval(days => part.retention_days);
    IF cut > part.first_offset THEN
      DELETE FROM record r
       WHERE r.topic_id = part.topic_id AND r.partition = part.partition AND r."offset" < cut;
      UPDATE head h SET first_offset = greatest(h.first_offset, cut)
       WHERE h.topic_id = part.topic_id AND h.partition = part.partition;
      total := total + cut - part.first_offset;
    END IF;
  END LOOP;
  RETURN total;
END $$;

REVOKE ALL ON FUNCTION append(text, integer, text[], text[], bytea[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION prune(integer) FROM PUBLIC;
