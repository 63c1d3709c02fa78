-- How the gates of a rollout stood over time. Looks lie the further apart the older the step is, so that a step of any
-- length leaves a few hundred at most.
CREATE TABLE rollout_look (
  rollout_id text NOT NULL REFERENCES rollout (id),
  step integer NOT NULL,
  looked_at timestamptz NOT NULL DEFAULT now(),
  gates jsonb NOT NULL,
  PRIMARY KEY (rollout_id, looked_at)
);
