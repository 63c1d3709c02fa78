-- Tags of single datasets, pipelines and models, by which rules of roles tell them apart.
ALTER TABLE access_project ADD COLUMN objects jsonb NOT NULL DEFAULT '[]';
-- Where the installation runs, as governance says it with each heartbeat; null until it was heard.
ALTER TABLE access_state ADD COLUMN environment text;
