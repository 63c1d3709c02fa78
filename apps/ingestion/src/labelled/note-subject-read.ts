import type { AuditTrail, Caller } from '@steward/access';
import type { UnitOfWork } from '@steward/database';

/** Notes that rows of a subject were shown: it may ask who looked. */
export function noteSubjectRead(
  audit: AuditTrail,
  unit: UnitOfWork,
  caller: Caller,
  read: {
    readonly project: string;
    readonly dataset: string;
    readonly subject: string;
    readonly rows: number;
  },
): void {
  const { project, dataset, subject, rows } = read;
  audit.record(unit, caller, {
    action: 'subject.read',
    object: { kind: 'data-subject', id: subject },
    project,
    details: { dataset, rows },
  });
}
