-- Approvals of retrainings, and approvals that ended without one: the two facts come on topics of their own, in either
-- order, and together they end the request for retraining.
CREATE TABLE retraining_approval (
  request_id text PRIMARY KEY,
  retrain_id text,
  ended boolean NOT NULL DEFAULT false,
  received_at timestamptz NOT NULL DEFAULT now()
);
