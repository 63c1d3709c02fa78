-- Rows whose decision a person makes (GDPR Art. 22), so that they are counted by group. No score, no subject.
CREATE TABLE held_decision (
  project       text NOT NULL,
  prediction_id text NOT NULL,
  row           integer NOT NULL,
  model         text NOT NULL,
  -- pending, confirmed, overridden, contested.
  state         text NOT NULL CHECK (state IN ('pending', 'confirmed', 'overridden', 'contested')),
  held_at       timestamptz NOT NULL,
  PRIMARY KEY (project, prediction_id, row)
);
CREATE INDEX held_decision_by_time ON held_decision (held_at);
