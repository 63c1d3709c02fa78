-- What one project says of a prediction id is nothing to another project.
ALTER TABLE early_outcome DROP CONSTRAINT early_outcome_pkey, ADD PRIMARY KEY (project, prediction_id, row);
