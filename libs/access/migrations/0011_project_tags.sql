-- Labels of a project, by which rules of roles tell projects apart.
ALTER TABLE access_project ADD COLUMN tags text[] NOT NULL DEFAULT '{}';
