-- Telemetry comes in batches of hundreds of small events that say nearly the same. One row for all of a batch's events of a
-- partition, packed by their writer (see libs/messaging, packed-records.ts), instead of a row with an index entry and
-- headers for each: a third of the bytes go to the log of changes and to the table, and those bytes are what an append costs.

-- How many events the row holds. A packed row has the offset of its last event, so that a reader finds the row that holds
-- an offset by `"offset" >= n`.
ALTER TABLE record ADD COLUMN events integer NOT NULL DEFAULT 1;
-- Of each packed event's key, murmur2: how a key is found without unpacking every row. Null: the row is one event, not packed.
ALTER TABLE record ADD COLUMN key_hashes integer[];
ALTER TABLE record ALTER COLUMN key_hashes SET STORAGE EXTERNAL;
ALTER TABLE record ADD CONSTRAINT record_events CHECK (events = coalesce(cardinality(key_hashes), 1));

-- Appends packed events: in_bodies[p] holds in_counts[p] of them for the partition in_partitions[p] of the topic
-- in_topics[p]; in_hashes lies in the same order. A place may be named again, for a body that would be too large.
-- Errors: ST001 unknown topic or partition, ST002 foreign topic, ST003 arrays that do not match, a body too large.
CREATE FUNCTION append_packed(
  in_topics text[], in_partitions integer[], in_counts integer[], in_hashes integer[], in_bodies bytea[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = event_log, pg_temp AS $$
DECLARE
  writer text := substring(session_user::text FROM '^steward_([a-z_]+)$');
  target topic%ROWTYPE;
  places integer := cardinality(in_topics);
  seen integer := 0;
  next bigint;
BEGIN
  -- An array that is null makes the whole unknown.
  IF (places = 0 OR cardinality(in_partitions) <> places OR cardinality(in_counts) <> places
     OR cardinality(in_bodies) <> places
     OR EXISTS (SELECT 1 FROM unnest(in_counts) AS c WHERE c IS NULL OR c NOT BETWEEN 1 AND 1000)
     OR (SELECT sum(c) FROM unnest(in_counts) AS c) <> cardinality(in_hashes)
     OR array_position(in_hashes, NULL) IS NOT NULL
     OR EXISTS (SELECT 1 FROM unnest(in_bodies) AS b WHERE b IS NULL OR octet_length(b) > 1048576)
     ) IS DISTINCT FROM false THEN
    RAISE EXCEPTION 'A body a place, 1 to 1000 events in it, a hash an event, and no body larger than 1 MiB.'
      USING ERRCODE = 'ST003';
  END IF;
  FOR p IN 1..places LOOP
    IF target.name IS DISTINCT FROM in_topics[p] THEN
      SELECT * INTO target FROM topic WHERE name = in_topics[p];
      IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no topic %.', in_topics[p] USING ERRCODE = 'ST001';
      END IF;
      -- Nor a dead-letter topic, whose events are stamped with their writer.
      IF writer IS NULL OR writer IS DISTINCT FROM target.owner THEN
        RAISE EXCEPTION '% may not write the topic %, which belongs to %.', session_user, target.name, target.owner
          USING ERRCODE = 'ST002';
      END IF;
    END IF;
    UPDATE head SET next_offset = next_offset + in_counts[p]
      WHERE topic_id = target.id AND partition = in_partitions[p]
      RETURNING next_offset INTO next;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'The topic % has no partition %.', target.name, in_partitions[p] USING ERRCODE = 'ST001';
    END IF;
    INSERT INTO record (topic_id, partition, "offset", headers, value, events, key_hashes)
      VALUES (target.id, in_partitions[p], next - 1, '{}', in_bodies[p], in_counts[p],
              in_hashes[seen + 1 : seen + in_counts[p]]);
    seen := seen + in_counts[p];
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION append_packed(text[], integer[], integer[], integer[], bytea[]) FROM PUBLIC;

-- As before, but a packed row goes when all of its events may, and the log then begins behind the last of them.
CREATE OR REPLACE FUNCTION prune(in_batch integer)
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
    -- The end of the last row of a lot that is old, where all before it are.
    SELECT max("offset") + 1 INTO cut
      FROM (SELECT "offset",
                   bool_and(appended_at < clock_timestamp() - make_interval(days => part.retention_days))
                     OVER (ORDER BY "offset") AS old
              FROM (SELECT r."offset", r.appended_at
                      FROM record r
                     WHERE r.topic_id = part.topic_id AND r.partition = part.partition
                       AND r."offset" >= part.first_offset
                     ORDER BY r."offset" LIMIT in_batch) lot) judged
     WHERE old;
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
