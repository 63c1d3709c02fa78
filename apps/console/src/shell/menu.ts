import type { Action, Subject } from '@steward/access/actions';

/** An entry of the navigation, shown to who may read what the page shows. */
export interface MenuEntry {
  readonly label: string;
  /** Below the project, or below the root. */
  readonly path: string;
  readonly needs: readonly [Action, Subject] | null;
  /** In a project's menu: the right is needed for objects of no project, because accounts belong to none. */
  readonly global?: boolean;
}

export const PROJECT_MENU: readonly MenuEntry[] = [
  { label: 'Overview', path: '', needs: ['read', 'Project'] },
  { label: 'Approvals', path: 'approvals', needs: ['read', 'ApprovalRequest'] },
  { label: 'Approval policies', path: 'approval-policies', needs: ['read', 'Policy'] },
  { label: 'Delegations', path: 'delegations', needs: ['read', 'ApprovalRequest'] },
  { label: 'Alerts', path: 'alerts', needs: ['read', 'Alert'] },
  { label: 'Datasets', path: 'datasets', needs: ['read', 'Dataset'] },
  { label: 'Pipelines', path: 'pipelines', needs: ['read', 'Pipeline'] },
  { label: 'Runs', path: 'runs', needs: ['read', 'Run'] },
  { label: 'Models', path: 'models', needs: ['read', 'Model'] },
  { label: 'Deployments', path: 'deployments', needs: ['read', 'Deployment'] },
  { label: 'Monitors', path: 'monitors', needs: ['read', 'Monitor'] },
  { label: 'Data subjects', path: 'subject-requests', needs: ['read', 'SubjectRequest'] },
  { label: 'Held decisions', path: 'held-decisions', needs: ['read', 'HeldDecision'] },
  { label: 'Records', path: 'records', needs: ['read', 'ProcessingRecord'] },
  { label: 'Impact assessments', path: 'impact-assessments', needs: ['read', 'ImpactAssessment'] },
  { label: 'Retention', path: 'retention', needs: ['read', 'Retention'] },
  { label: 'Breaches', path: 'breaches', needs: ['read', 'Breach'] },
  { label: 'Outbox', path: 'outbox', needs: ['read', 'Notification'] },
  { label: 'Reports', path: 'reports', needs: ['read', 'Report'] },
  { label: 'Emergency access', path: 'emergencies', needs: ['create', 'EmergencyAccess'] },
  { label: 'Members', path: 'members', needs: ['read', 'User'], global: true },
];

/** Pages of the whole installation. What needs a right needs it for objects of no project, unless it says anywhere. */
export const ROOT_MENU: readonly (MenuEntry & { readonly anywhere?: boolean })[] = [
  { label: 'Projects', path: 'projects', needs: ['read', 'Project'], anywhere: true },
  { label: 'Reports', path: 'reports', needs: ['read', 'Report'], anywhere: true },
  { label: 'Audit log', path: 'audit', needs: ['read', 'AuditEntry'], anywhere: true },
  { label: 'People', path: 'people', needs: ['read', 'User'] },
  { label: 'Roles', path: 'roles', needs: ['read', 'Role'] },
  { label: 'Policy as code', path: 'policy', needs: ['read', 'Role'] },
  { label: 'Permissions', path: 'permissions', needs: ['read', 'Role'] },
  { label: 'Access review', path: 'access-review', needs: ['read', 'User'] },
  { label: 'API keys', path: 'api-keys', needs: ['read', 'ApiKey'] },
  { label: 'Sessions', path: 'sessions', needs: null },
  { label: 'Dead letters', path: 'dead-letters', needs: ['read', 'DeadLetter'], anywhere: true },
];
