-- Logins that were sent to a provider and have not come back. Each is taken once.
CREATE TABLE oidc_logins (
  state_digest   text PRIMARY KEY,
  provider       text NOT NULL,
  nonce          text NOT NULL,
  code_verifier  text NOT NULL,
  -- Of the cookie of the browser that began: a link with somebody else's code does not log anybody in.
  browser_digest text NOT NULL,
  return_to      text NOT NULL,
  expires_at     timestamptz NOT NULL
);

-- Who is who at a provider: the subject never changes and is never given to another.
CREATE TABLE oidc_identities (
  provider     text NOT NULL,
  subject      text NOT NULL,
  principal_id text NOT NULL REFERENCES principals (id),
  PRIMARY KEY (provider, subject)
);

-- Which group of a provider holds which role. Who wrote the line is the giver of the role (four eyes).
CREATE TABLE oidc_group_roles (
  provider   text NOT NULL,
  group_name text NOT NULL,
  role       text NOT NULL,
  project    text,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX oidc_group_roles_once ON oidc_group_roles (provider, group_name, role, coalesce(project, ''));
