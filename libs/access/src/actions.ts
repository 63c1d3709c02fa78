/** What can be done. CASL's `manage` means all of them. */
export const Actions = [
  'manage',
  'read',
  'create',
  'update',
  'delete',
  'run',
  'predict',
  'record',
  'approve',
  'waive',
  'acknowledge',
  'replay',
  'resolve',
  'verify',
] as const;
export type Action = (typeof Actions)[number];

/** To what. CASL's `all` means every subject. Each carries at least `project`. */
export const Subjects = [
  'all',
  'Project',
  'Contract',
  'Dataset',
  'Quarantine',
  'DataSubject',
  'Pipeline',
  'Run',
  'Model',
  'ModelAlias',
  'Deployment',
  'Prediction',
  'Outcome',
  'Monitor',
  'Alert',
  'User',
  'Role',
  'ApiKey',
  'Policy',
  'ApprovalRequest',
  'AuditEntry',
  'Report',
  'DeadLetter',
] as const;
export type Subject = (typeof Subjects)[number];
