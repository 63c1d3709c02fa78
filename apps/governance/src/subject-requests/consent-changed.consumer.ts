import { Injectable } from '@nestjs/common';
import { AuditTrail, callerFromEvent } from '@steward/access';
import { ConsentChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { SetSubjectTerm } from './set-subject-term';
import { DEFAULT_TERMS } from './subject-terms';

/** A consent on which a purpose rests was withdrawn, or given again (GDPR 7(3)): the subject's terms follow. */
@Injectable()
export class ConsentChangedConsumer extends EventConsumer<typeof ConsentChanged> {
  readonly event = ConsentChanged;

  constructor(
    private readonly terms: SetSubjectTerm,
    private readonly audit: AuditTrail,
  ) {
    super();
  }

  async handle(event: IncomingEvent<typeof ConsentChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { project, correlation, actor } = event;
    if (project === null) return handled.drop('A consent belongs to a project.');
    const { pseudonym, withdrawn } = event.payload;
    const because = 'consent-withdrawn';
    const subject = { project, pseudonym, correlation, actor };
    const ended = withdrawn.length > 0;
    if (ended) await this.terms.put(unit, subject, { because, ...DEFAULT_TERMS[because] }, null);
    else if (!(await this.terms.lift(unit, subject, because))) return handled.ok;
    this.audit.record(unit, callerFromEvent(event), {
      action: ended ? 'subject-term.put' : 'subject-term.lift',
      object: { kind: 'data-subject', id: pseudonym },
      project,
      details: { because, purposes: withdrawn.length },
    });
    return handled.ok;
  }
}
