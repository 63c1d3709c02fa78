-- Which decisions of a model are held for a person: every version, and who made it.
CREATE TABLE decision_policies (
  project    text NOT NULL,
  model      text NOT NULL,
  version    integer NOT NULL,
  policy     jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (project, model, version)
);

-- The queue of decisions that wait for a person, and what became of them.
CREATE TABLE held_decisions (
  id             text PRIMARY KEY,
  project        text NOT NULL,
  prediction_id  text NOT NULL,
  row            integer NOT NULL,
  model          text NOT NULL,
  version        integer NOT NULL,
  digest         text NOT NULL,
  classes        text[] NOT NULL,
  policy_version integer NOT NULL,
  pseudonym      text,
  -- What the model would have decided.
  proposed       text NOT NULL,
  score          double precision NOT NULL,
  because        text NOT NULL,
  held_at        timestamptz NOT NULL,
  correlation    text NOT NULL,
  state          text NOT NULL CHECK (state IN ('pending', 'confirmed', 'overridden', 'contested')),
  label          text,
  decided_by     text,
  decided_at     timestamptz,
  UNIQUE (project, prediction_id, row)
);
CREATE INDEX held_decisions_by_state ON held_decisions (project, state, id);
CREATE INDEX held_decisions_by_subject ON held_decisions (project, pseudonym);

-- Every step in the life of a held decision, oldest first. Free texts of people are erasable.
CREATE TABLE held_decision_steps (
  id          text PRIMARY KEY,
  decision_id text NOT NULL REFERENCES held_decisions (id) ON DELETE CASCADE,
  kind        text NOT NULL CHECK (kind IN ('decide', 'contest')),
  label       text,
  -- Why, for the books; and what the subject is told.
  reason      text,
  answer      text,
  by          text NOT NULL,
  at          timestamptz NOT NULL
);
CREATE INDEX held_decision_steps_by_decision ON held_decision_steps (decision_id, id);
