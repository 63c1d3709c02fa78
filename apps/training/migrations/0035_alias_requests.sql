-- A version may be asked for again, once the request before is closed: as a canary that passed, or after a rejection.
ALTER TABLE approval_requests DROP CONSTRAINT approval_requests_run_id_alias_key;
CREATE UNIQUE INDEX approval_requests_open ON approval_requests (run_id, alias) WHERE state = 'open';
