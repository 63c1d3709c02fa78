-- A batch of telemetry meets every partition of its topic. One call for all of them instead of one for each within a
-- transaction: the statement commits by itself, and a batch of a hundred events costs one way to the server instead of six.

-- Appends records that lie in the order of their places: in_counts[p] of them to the partition in_partitions[p] of the topic
-- in_topics[p]. Writers that name places in the same order never wait for each other in a ring.
-- Errors: ST001 unknown topic or partition, ST002 foreign topic, ST003 arrays that do not match or a record too large.
CREATE FUNCTION append(
  in_topics text[], in_partitions integer[], in_counts integer[], in_keys text[], in_headers text[], in_values bytea[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = event_log, pg_temp AS $$
DECLARE
  writer text := substring(session_user::text FROM '^steward_([a-z_]+)$');
  target topic%ROWTYPE;
  places integer := cardinality(in_topics);
  size integer := cardinality(in_values);
  topics smallint[] := '{}';
  firsts bigint[] := '{}';
  starts integer[] := '{}';
  seen integer := 0;
  first bigint;
BEGIN
  -- An array that is null makes the whole unknown.
  IF (size = 0 OR cardinality(in_keys) <> size OR cardinality(in_headers) <> size
     OR cardinality(in_partitions) <> places OR cardinality(in_counts) <> places
     OR EXISTS (SELECT 1 FROM unnest(in_counts) AS c WHERE c IS NULL OR c < 1)
     OR (SELECT sum(c) FROM unnest(in_counts) AS c) <> size
     OR EXISTS (SELECT 1 FROM unnest(in_values) AS v WHERE v IS NULL OR octet_length(v) > 262144)
     ) IS DISTINCT FROM false THEN
    RAISE EXCEPTION 'Keys, headers and values must be as many as the counts say, and no value larger than 256 KiB.'
      USING ERRCODE = 'ST003';
  END IF;
  FOR p IN 1..places LOOP
    IF target.name IS DISTINCT FROM in_topics[p] THEN
      SELECT * INTO target FROM topic WHERE name = in_topics[p];
      IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no topic %.', in_topics[p] USING ERRCODE = 'ST001';
      END IF;
      IF writer IS NULL OR writer <> coalesce(target.owner, writer) THEN
        RAISE EXCEPTION '% may not write the topic %, which belongs to %.', session_user, target.name, target.owner
          USING ERRCODE = 'ST002';
      END IF;
    END IF;
    UPDATE head SET next_offset = next_offset + in_counts[p]
      WHERE topic_id = target.id AND partition = in_partitions[p]
      RETURNING next_offset - in_counts[p] INTO first;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'The topic % has no partition %.', target.name, in_partitions[p] USING ERRCODE = 'ST001';
    END IF;
    topics := topics || target.id;
    firsts := firsts || first;
    starts := starts || seen;
    seen := seen + in_counts[p];
  END LOOP;
  INSERT INTO record (topic_id, partition, "offset", key, headers, value)
    SELECT topics[p], in_partitions[p], firsts[p] + n - 1, k,
           CASE WHEN t.owner IS NULL
                THEN (h::jsonb || jsonb_build_object('steward_deadletter_service', writer))::json
                ELSE h::json END,
           v
      FROM generate_series(1, places) AS p
      JOIN topic t ON t.id = topics[p]
      CROSS JOIN LATERAL unnest(
        in_keys[starts[p] + 1 : starts[p] + in_counts[p]],
        in_headers[starts[p] + 1 : starts[p] + in_counts[p]],
        in_values[starts[p] + 1 : starts[p] + in_counts[p]]
      ) WITH ORDINALITY AS r (k, h, v, n);
END $$;

REVOKE ALL ON FUNCTION append(text[], integer[], integer[], text[], text[], bytea[]) FROM PUBLIC;

-- The older append(text, integer, ...) stays for processes that an upgrade has not reached yet.

-- Headers are written once and read whole: as jsonb their parsing was a third of an append.
ALTER TABLE record ALTER COLUMN headers TYPE json USING headers::json;

-- Columns of a large event are numbers, which PostgreSQL's own compression takes longer to squeeze than a model to score
-- them. As in Kafka, the log keeps what its writers give.
ALTER TABLE record ALTER COLUMN value SET STORAGE EXTERNAL;
