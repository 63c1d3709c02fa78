-- Rows that were asked for in an hour (hours since the epoch), by whose they are: daily quotas and query budgets.
CREATE TABLE row_quota (
  scope text NOT NULL,
  hour integer NOT NULL,
  rows bigint NOT NULL CHECK (rows >= 0),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, hour)
);
CREATE INDEX row_quota_changed ON row_quota (changed_at);
