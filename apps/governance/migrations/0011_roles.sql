-- Roles of the installation's own making: every version, and who made it. The built-in ones are in the code.
CREATE TABLE roles (
  name        text NOT NULL,
  version     integer NOT NULL,
  state       text NOT NULL CHECK (state IN ('active', 'deleted')),
  description text NOT NULL,
  rules       jsonb NOT NULL,
  changed_by  text NOT NULL,
  changed_at  timestamptz NOT NULL,
  PRIMARY KEY (name, version)
);

-- Roles, built-in or not, whose holders need a second factor to log in.
CREATE TABLE role_logins (
  role          text PRIMARY KEY,
  requires_totp boolean NOT NULL,
  changed_by    text NOT NULL,
  changed_at    timestamptz NOT NULL
);

-- Labels by which rules of roles tell projects apart.
ALTER TABLE projects ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
