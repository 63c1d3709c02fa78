-- Models that somebody took out of service: they answer nothing, whatever is deployed, until they are loaded again.
CREATE TABLE unloaded_model (
  project text NOT NULL,
  model text NOT NULL,
  actor text NOT NULL,
  unloaded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, model)
);
