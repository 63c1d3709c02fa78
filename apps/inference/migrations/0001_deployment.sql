-- What should be served: one row an alias. The champion's bytes are found by the digest in its descriptor.
CREATE TABLE deployment (
  project text NOT NULL,
  model text NOT NULL,
  alias text NOT NULL,
  descriptor jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('loading', 'serving', 'refused')),
  failure text,
  actor text NOT NULL,
  correlation text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, model, alias)
);
