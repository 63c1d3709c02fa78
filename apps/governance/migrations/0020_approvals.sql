-- Policies per alias and environment ('*': any), requests that wait for an answer, comments, evidence, delegation.
ALTER TABLE approval_policies ADD COLUMN environment text NOT NULL DEFAULT '*';
ALTER TABLE approval_policies DROP CONSTRAINT approval_policies_pkey;
ALTER TABLE approval_policies ADD PRIMARY KEY (project, alias, environment, version);

ALTER TABLE approval_requests
  ADD COLUMN environment text NOT NULL DEFAULT 'production',
  ADD COLUMN policy_environment text NOT NULL DEFAULT '*',
  -- Each answer to requested changes begins a new round: what was decided before no longer counts.
  ADD COLUMN round integer NOT NULL DEFAULT 1,
  ADD COLUMN expires_at timestamptz;
ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_state_check;
ALTER TABLE approval_requests ADD CONSTRAINT approval_requests_state_check
  CHECK (state IN ('open', 'changes_requested', 'granted', 'rejected', 'expired', 'voided'));
CREATE INDEX approval_requests_by_expiry ON approval_requests (expires_at)
  WHERE state IN ('open', 'changes_requested');

ALTER TABLE approval_decisions ADD COLUMN round integer NOT NULL DEFAULT 1;
ALTER TABLE approval_decisions DROP CONSTRAINT approval_decisions_kind_check;
ALTER TABLE approval_decisions ADD CONSTRAINT approval_decisions_kind_check
  CHECK (kind IN ('approve', 'reject', 'waive', 'request_changes', 'answer'));
DROP INDEX approval_decisions_once;
CREATE UNIQUE INDEX approval_decisions_once
  ON approval_decisions (request_id, round, person, kind, coalesce(gate, ''));

CREATE TABLE approval_comments (
  id         text PRIMARY KEY,
  request_id text NOT NULL REFERENCES approval_requests (id),
  person     text NOT NULL,
  -- Free text of a person: erasable. The audit entry holds its salted digest.
  text       text,
  at         timestamptz NOT NULL
);
CREATE INDEX approval_comments_by_request ON approval_comments (request_id, id);

-- What was attached, by the digest under which the artifact store holds it.
CREATE TABLE approval_evidence (
  request_id  text NOT NULL REFERENCES approval_requests (id),
  digest      text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
  title       text NOT NULL,
  size        bigint NOT NULL,
  attached_by text NOT NULL,
  attached_at timestamptz NOT NULL,
  PRIMARY KEY (request_id, digest)
);

-- Who lets whom approve in his place, and when. All that ever were.
CREATE TABLE approval_delegations (
  id          text PRIMARY KEY,
  project     text NOT NULL,
  from_person text NOT NULL REFERENCES principals (id),
  to_person   text NOT NULL REFERENCES principals (id),
  starts_at   timestamptz NOT NULL,
  ends_at     timestamptz NOT NULL CHECK (ends_at > starts_at),
  created_at  timestamptz NOT NULL,
  revoked_by  text,
  revoked_at  timestamptz
);
CREATE INDEX approval_delegations_by_project ON approval_delegations (project, id);

-- Role bindings for a time, published beside a principal's lasting ones. Four eyes never counts them as a role held.
CREATE TABLE temporary_roles (
  id           text PRIMARY KEY,
  principal_id text NOT NULL REFERENCES principals (id),
  role         text NOT NULL,
  project      text,
  from_at      timestamptz NOT NULL,
  until_at     timestamptz NOT NULL,
  -- The delegation or the emergency access that it belongs to.
  cause        text NOT NULL
);
CREATE INDEX temporary_roles_by_principal ON temporary_roles (principal_id, until_at);
