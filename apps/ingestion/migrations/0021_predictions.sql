-- Predictions of a dataset, newest first, a page at a time. What a prediction decided stands with every row from now on,
-- also where it names no subject; rows from before, and those of erased subjects, have no time and are in no list.
CREATE INDEX prediction_rows_by_time ON prediction_rows
  (project, dataset, predicted_at DESC, prediction_id DESC, row DESC) WHERE predicted_at IS NOT NULL;
