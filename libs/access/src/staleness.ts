import { errors, type AppError } from '@steward/kernel';
import type { Action, Subject } from './actions';

/** Without a heartbeat for this long the copy of the policy counts as stale. */
export const STALE_AFTER_MS = 60_000;
/** And after this long nothing at all is served from it. */
export const DEAD_AFTER_MS = 15 * 60_000;

/** Subjects that show data of persons: customers, data subjects or staff. */
const PERSONAL: ReadonlySet<Subject> = new Set([
  'all',
  'DataSubject',
  'Quarantine',
  'Prediction',
  'Outcome',
  'User',
  'ApiKey',
  'ApprovalRequest',
  'AuditEntry',
  'Report',
  'DeadLetter',
  'EmergencyAccess',
  'Consent',
  'HeldDecision',
  'Breach',
  'SubjectRequest',
  'Notification',
]);

/** True for what may go on with a stale policy: predictions, and reading what is not about persons. */
export function mayGoOnWhenStale(action: Action, subject: Subject): boolean {
  if (action === 'predict') return true;
  return (action === 'read' || action === 'verify') && !PERSONAL.has(subject);
}

/** The error of a refusal for staleness. */
export function policyStale(staleForMs: number): AppError {
  const age = Number.isFinite(staleForMs) ? `for ${Math.round(staleForMs / 1000)} s` : 'yet';
  return errors.unavailable(
    'ACCESS.POLICY_STALE',
    `This service has not heard from governance ${age}, so it cannot know whether this credential still holds. ` +
      'Predictions and reads without personal data go on for a while. Try again when governance is back.',
    { details: { staleForSeconds: Number.isFinite(staleForMs) ? Math.round(staleForMs / 1000) : null } },
  );
}
