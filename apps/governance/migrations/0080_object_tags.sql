-- Tags of single datasets, pipelines and models of a project, by which rules of roles tell them apart.
ALTER TABLE projects ADD COLUMN objects jsonb NOT NULL DEFAULT '[]';
