-- The outbox of notifications: what waits for people, told once each to the webhook of the installation, and shown.
-- A row follows from the state that it tells of (requests, breaches, accesses, alerts), so that none is lost in a crash.
CREATE TABLE notifications (
  id           text PRIMARY KEY,
  project      text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('approval', 'alert', 'emergency-access', 'breach', 'subject-request')),
  object_id    text NOT NULL,
  -- What of it is told: that it waits, that its time runs out, that it is over.
  stage        text NOT NULL CHECK (stage IN ('waiting', 'due', 'overdue')),
  -- Names of models, ids and figures; no personal data.
  summary      text NOT NULL,
  -- For whom: holders of these roles, and these people.
  roles        text[] NOT NULL,
  people       text[] NOT NULL,
  -- The page of the console that shows it.
  page         text NOT NULL,
  due_at       timestamptz,
  created_at   timestamptz NOT NULL,
  -- Since when nobody need do anything about it any more.
  settled_at   timestamptz,
  -- `shown`: there was no webhook to tell when it came.
  state        text NOT NULL CHECK (state IN ('waiting', 'delivered', 'dead', 'shown')),
  attempts     integer NOT NULL DEFAULT 0,
  next_at      timestamptz NOT NULL,
  -- The last refusal: a status or a code, never what the receiver wrote.
  fault        text,
  delivered_at timestamptz,
  UNIQUE (kind, object_id, stage)
);
CREATE INDEX notifications_by_project ON notifications (project, id);
CREATE INDEX notifications_to_deliver ON notifications (next_at) WHERE state = 'waiting';
CREATE INDEX notifications_unsettled ON notifications (kind, object_id) WHERE settled_at IS NULL;
