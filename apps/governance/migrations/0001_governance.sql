-- People, machines and services. The policy topic carries what others need of them; names stay here.
CREATE TABLE principals (
  id                text PRIMARY KEY,
  kind              text NOT NULL CHECK (kind IN ('person', 'machine', 'service')),
  -- Unique without regard to case; erasable, so nothing else refers to it.
  name              text NOT NULL,
  display_name      text NOT NULL,
  password_hash     text,
  state             text NOT NULL CHECK (state IN ('active', 'disabled')),
  tokens_not_before timestamptz,
  created_by        text NOT NULL,
  created_at        timestamptz NOT NULL
);
CREATE UNIQUE INDEX principals_by_name ON principals (lower(name));

-- All grants that ever were: who gave which role, and when, decides who may approve (four eyes).
CREATE TABLE role_grants (
  id           text PRIMARY KEY,
  principal_id text NOT NULL REFERENCES principals (id),
  role         text NOT NULL,
  project      text,
  granted_by   text NOT NULL,
  granted_at   timestamptz NOT NULL,
  revoked_by   text,
  revoked_at   timestamptz
);
CREATE UNIQUE INDEX role_grants_in_force ON role_grants (principal_id, role, coalesce(project, ''))
  WHERE revoked_at IS NULL;

-- Failed logins by digest of the name that was tried, existing or not.
CREATE TABLE login_failures (
  name_digest  text PRIMARY KEY,
  failures     integer NOT NULL,
  locked_until timestamptz,
  changed_at   timestamptz NOT NULL
);

CREATE TABLE api_keys (
  id            text PRIMARY KEY,
  secret_digest text NOT NULL,
  principal_id  text NOT NULL REFERENCES principals (id),
  project       text,
  state         text NOT NULL CHECK (state IN ('active', 'revoked')),
  expires_at    timestamptz,
  created_by    text NOT NULL,
  created_at    timestamptz NOT NULL
);
CREATE INDEX api_keys_by_principal ON api_keys (principal_id);

CREATE TABLE projects (
  name       text PRIMARY KEY,
  state      text NOT NULL CHECK (state IN ('active', 'archived')),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);

-- What was published on the policy topic last, by digest, so that a start publishes only what is new.
CREATE TABLE published_policy (
  kind    text NOT NULL,
  name    text NOT NULL,
  version integer NOT NULL,
  digest  text NOT NULL,
  PRIMARY KEY (kind, name)
);

-- One row: the last heartbeat.
CREATE TABLE heartbeat (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  beat     bigint NOT NULL,
  at       timestamptz NOT NULL
);
INSERT INTO heartbeat (beat, at) VALUES (0, 'epoch');

-- Approval policies: every version, and who made it.
CREATE TABLE approval_policies (
  project    text NOT NULL,
  alias      text NOT NULL,
  version    integer NOT NULL,
  policy     jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (project, alias, version)
);

CREATE TABLE approval_requests (
  id               text PRIMARY KEY,
  project          text NOT NULL,
  model            text NOT NULL,
  version          integer NOT NULL,
  digest           text NOT NULL,
  alias            text NOT NULL,
  -- The event as it came.
  request          jsonb NOT NULL,
  policy_version   integer NOT NULL,
  policy           jsonb NOT NULL,
  gates            jsonb NOT NULL,
  correlation      text NOT NULL,
  state            text NOT NULL CHECK (state IN ('open', 'granted', 'rejected', 'expired', 'voided')),
  void_code        text,
  opened_at        timestamptz NOT NULL,
  decided_at       timestamptz
);
CREATE INDEX approval_requests_by_alias ON approval_requests (project, model, alias, opened_at);
CREATE INDEX approval_requests_by_state ON approval_requests (project, state, opened_at);

CREATE TABLE approval_decisions (
  id          text PRIMARY KEY,
  request_id  text NOT NULL REFERENCES approval_requests (id),
  person      text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('approve', 'reject', 'waive')),
  gate        text,
  -- Free text of a person: erasable. The audit entry holds its salted digest.
  reason      text,
  decided_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX approval_decisions_once ON approval_decisions (request_id, person, kind, coalesce(gate, ''));

-- The audit log: canonical bytes and leaf hash by index, complete inner nodes, and signed heads.
CREATE TABLE audit_entries (
  index       bigint PRIMARY KEY,
  entry_id    text NOT NULL UNIQUE,
  content     bytea NOT NULL,
  leaf        bytea NOT NULL,
  service     text NOT NULL,
  project     text,
  action      text NOT NULL,
  actor       text NOT NULL,
  object_kind text NOT NULL,
  object_id   text NOT NULL,
  correlation text NOT NULL,
  time        timestamptz NOT NULL
);
CREATE INDEX audit_entries_by_project ON audit_entries (project, index);
CREATE INDEX audit_entries_by_object ON audit_entries (object_id, index);
CREATE INDEX audit_entries_by_correlation ON audit_entries (correlation, index);
CREATE INDEX audit_entries_by_action ON audit_entries (action, index);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor, index);

CREATE TABLE audit_nodes (
  level smallint NOT NULL,
  index bigint NOT NULL,
  hash  bytea NOT NULL,
  PRIMARY KEY (level, index)
);

CREATE TABLE audit_checkpoints (
  size bigint PRIMARY KEY,
  root bytea NOT NULL,
  time timestamptz NOT NULL,
  note text NOT NULL
);

-- One row, locked by whoever appends: the one writer.
CREATE TABLE audit_tree (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  size     bigint NOT NULL,
  peaks    bytea[] NOT NULL
);
INSERT INTO audit_tree (size, peaks) VALUES (0, '{}');

-- Free text and network addresses of audit entries: rows can be erased without touching the log.
CREATE TABLE audit_notes (
  entry_id text PRIMARY KEY,
  salt     text NOT NULL,
  reason   text,
  address  text
);
