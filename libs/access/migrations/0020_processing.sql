-- What may be processed for which purposes, and which decisions are held for a person; from the policy topic.
CREATE TABLE access_processing (
  project text PRIMARY KEY,
  state   jsonb NOT NULL
);

CREATE TABLE access_decisions (
  project text NOT NULL,
  model   text NOT NULL,
  policy  jsonb NOT NULL,
  PRIMARY KEY (project, model)
);
