import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { SetSubjectTerm } from './set-subject-term';
import type { TermReason } from './subject-terms';

/** Ends a restriction or an objection; the subject is told before (GDPR 18(3)). */
@Injectable()
export class LiftSubjectTerm {
  constructor(
    private readonly database: Database,
    private readonly terms: SetSubjectTerm,
    private readonly audit: AuditTrail,
  ) {}

  /** Throws GOVERNANCE.SUBJECT_TERM_NOT_FOUND. */
  async execute(
    caller: Caller,
    project: string,
    pseudonym: string,
    because: Exclude<TermReason, 'consent-withdrawn'>,
  ): Promise<void> {
    await this.database.transaction(async (unit) => {
      const subject = { project, pseudonym, correlation: caller.correlation, actor: caller.principal.id };
      if (!(await this.terms.lift(unit, subject, because)))
        throw errors.notFound('GOVERNANCE.SUBJECT_TERM_NOT_FOUND', `There is no ${because} of this subject.`);
      this.audit.record(unit, caller, {
        action: 'subject-term.lift',
        object: { kind: 'data-subject', id: pseudonym },
        project,
        details: { because },
      });
    });
  }
}
