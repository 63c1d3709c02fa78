-- What the handlers of the tests leave behind.
CREATE TABLE effect (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL,
  subject text NOT NULL,
  "offset" bigint NOT NULL,
  handler text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE aggregate (id text PRIMARY KEY, version integer NOT NULL);
