import type { Action, Subject } from './actions';

/** A rule of a built-in role; the same shape as in the event `role.changed`. */
export interface BuiltInRule {
  readonly action: readonly Action[];
  readonly subject: readonly Subject[];
}

const EVERYTHING_BUT_AUDIT = [
  'Project',
  'Contract',
  'Dataset',
  'Pipeline',
  'Run',
  'Model',
  'ModelAlias',
  'Deployment',
  'Monitor',
  'Alert',
  'ApprovalRequest',
  'Report',
  'ProcessingRecord',
  'ImpactAssessment',
] as const satisfies readonly Subject[];

/**
 * The roles that every installation has. Governance publishes them as `role.changed`; a role is bound to a person or
 * machine in one project or in all. They are kept apart on purpose: who administers does not approve, who approves
 * does not build, who audits changes nothing.
 */
export const BuiltInRoles = {
  /** Users, machines, roles, projects, keys, approval policies, dead letters. Reads everything. Does not approve. */
  administrator: [
    { action: ['read', 'verify'], subject: ['all'] },
    { action: ['create', 'update', 'delete'], subject: ['Project', 'User', 'Role', 'ApiKey', 'Policy'] },
    { action: ['replay'], subject: ['DeadLetter', 'Notification'] },
    { action: ['create', 'sign'], subject: ['EmergencyAccess'] },
    { action: ['create'], subject: ['Report'] },
  ],
  /** Contracts, data, quarantine, and the pseudonyms of data subjects. */
  'data-engineer': [
    { action: ['read'], subject: [...EVERYTHING_BUT_AUDIT, 'Quarantine', 'DeadLetter'] },
    { action: ['create', 'update', 'delete'], subject: ['Contract', 'Dataset', 'Quarantine'] },
    // Confirms, as the second person, what has outlived its time.
    { action: ['read', 'sign'], subject: ['Retention'] },
    { action: ['resolve'], subject: ['DataSubject'] },
    { action: ['record'], subject: ['Outcome'] },
    { action: ['replay'], subject: ['DeadLetter'] },
    { action: ['create'], subject: ['EmergencyAccess'] },
  ],
  /** Pipelines, runs, models, monitors and their alerts. Predicts, to try a model; takes deployments in and out of service. */
  'ml-engineer': [
    { action: ['read'], subject: [...EVERYTHING_BUT_AUDIT, 'Prediction', 'DeadLetter', 'Notification'] },
    { action: ['create', 'update', 'delete', 'run'], subject: ['Pipeline', 'Run', 'Model', 'Monitor'] },
    { action: ['create', 'update'], subject: ['ModelAlias', 'ApprovalRequest'] },
    { action: ['comment'], subject: ['ApprovalRequest'] },
    { action: ['create', 'update'], subject: ['ImpactAssessment'] },
    { action: ['create'], subject: ['EmergencyAccess'] },
    { action: ['acknowledge'], subject: ['Alert'] },
    { action: ['predict', 'update'], subject: ['Deployment'] },
    { action: ['create'], subject: ['Report'] },
    { action: ['record'], subject: ['Outcome'] },
    { action: ['replay'], subject: ['DeadLetter'] },
  ],
  /** Decides approval requests and waives gates, with a reason. Reads what the decision rests on. */
  approver: [
    { action: ['read'], subject: [...EVERYTHING_BUT_AUDIT, 'Policy', 'AuditEntry', 'Notification'] },
    { action: ['approve', 'waive', 'comment', 'delegate'], subject: ['ApprovalRequest'] },
    { action: ['create'], subject: ['Report'] },
  ],
  /**
   * Keeps the books of the GDPR: purposes, bases, consents, impact assessments, retention, breaches. Signs impact
   * assessments and the reviews of emergency access. Neither builds nor approves models.
   */
  'privacy-officer': [
    {
      action: ['read'],
      subject: [...EVERYTHING_BUT_AUDIT, 'Policy', 'AuditEntry', 'EmergencyAccess', 'Consent'],
    },
    { action: ['read'], subject: ['HeldDecision', 'Breach', 'SubjectRequest', 'Notification'] },
    // Requests of data subjects: opened, run (erasure, gathering) and, what was gathered, handed out.
    { action: ['create', 'update', 'run', 'export'], subject: ['SubjectRequest'] },
    { action: ['resolve', 'update'], subject: ['DataSubject'] },
    // How long data are kept, legal holds, and runs that delete by age: opened by one person, confirmed by another.
    { action: ['read', 'create', 'update', 'sign'], subject: ['Retention'] },
    { action: ['create', 'update', 'delete'], subject: ['ProcessingRecord', 'ImpactAssessment', 'Breach'] },
    { action: ['record'], subject: ['Consent'] },
    { action: ['sign'], subject: ['ImpactAssessment', 'EmergencyAccess'] },
    { action: ['create'], subject: ['EmergencyAccess', 'Report'] },
  ],
  /** Decides what was held back from automated decision (GDPR Art. 22): confirms, overrides, answers the subject. */
  'decision-reviewer': [
    { action: ['read'], subject: ['Project', 'Model', 'Deployment', 'HeldDecision', 'Prediction'] },
    { action: ['review', 'resolve'], subject: ['HeldDecision'] },
  ],
  /** Reads everything, the audit log included, verifies it and has reports made. Changes nothing else. */
  auditor: [
    { action: ['read', 'verify'], subject: ['all'] },
    { action: ['create'], subject: ['Report'] },
  ],
  /** For machines: predict, report outcomes and consents, look up pseudonyms, deployments and held decisions. */
  service: [
    { action: ['read'], subject: ['Project', 'Deployment', 'Model'] },
    { action: ['predict'], subject: ['Deployment'] },
    { action: ['record'], subject: ['Outcome', 'Consent'] },
    { action: ['resolve'], subject: ['DataSubject', 'HeldDecision'] },
  ],
} as const satisfies Readonly<Record<string, readonly BuiltInRule[]>>;

export type BuiltInRole = keyof typeof BuiltInRoles;
