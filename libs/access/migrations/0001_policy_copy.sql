-- This service's own copy of the policy, filled from governance's policy topic. See libs/access/README.md.

CREATE TABLE access_principal (
  id                text PRIMARY KEY,
  kind              text NOT NULL CHECK (kind IN ('person', 'machine', 'service')),
  active            boolean NOT NULL,
  roles             jsonb NOT NULL,
  tokens_not_before timestamptz
);

CREATE TABLE access_api_key (
  id            text PRIMARY KEY,
  secret_digest text NOT NULL CHECK (secret_digest ~ '^[0-9a-f]{64}$'),
  principal_id  text NOT NULL,
  active        boolean NOT NULL,
  expires_at    timestamptz,
  project       text
);

CREATE TABLE access_role (
  name    text PRIMARY KEY,
  version bigint NOT NULL,
  rules   jsonb NOT NULL
);

CREATE TABLE access_signing_key (
  id         text PRIMARY KEY,
  public_key text NOT NULL,
  active     boolean NOT NULL
);

CREATE TABLE access_project (
  name   text PRIMARY KEY,
  active boolean NOT NULL
);

-- One row. Every change of the copy raises version; processes poll it.
CREATE TABLE access_state (
  only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version      bigint NOT NULL,
  heartbeat_at timestamptz
);

INSERT INTO access_state (version) VALUES (0);
