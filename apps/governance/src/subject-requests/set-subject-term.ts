import { Injectable } from '@nestjs/common';
import { SubjectProcessingChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { SubjectTermsRepository } from './subject-request.repository';
import { combinedTerms, type Term, type TermReason } from './subject-terms';

/** Whose terms, and who caused the change. */
export interface TermSubject {
  readonly project: string;
  readonly pseudonym: string;
  readonly correlation: string;
  readonly actor: string;
}

/** Puts or lifts one reason, and tells the services what all reasons together come to. */
@Injectable()
export class SetSubjectTerm {
  constructor(
    private readonly terms: SubjectTermsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async put(unit: UnitOfWork, subject: TermSubject, term: Term, requestId: string | null): Promise<void> {
    const { project, pseudonym } = subject;
    await this.terms.lock(unit, project, pseudonym);
    await this.terms.put(unit, project, pseudonym, { ...term, requestId, since: this.clock.iso() });
    await this.announce(unit, subject);
  }

  /** False where the reason did not stand. */
  async lift(unit: UnitOfWork, subject: TermSubject, because: TermReason): Promise<boolean> {
    const { project, pseudonym } = subject;
    await this.terms.lock(unit, project, pseudonym);
    if (!(await this.terms.lift(unit, project, pseudonym, because))) return false;
    await this.announce(unit, subject);
    return true;
  }

  private async announce(
    unit: UnitOfWork,
    { project, pseudonym, correlation, actor }: TermSubject,
  ): Promise<void> {
    this.outbox.publish(unit, SubjectProcessingChanged, {
      subject: `${project}/${pseudonym}`,
      project,
      correlation,
      actor,
      payload: { pseudonym, ...combinedTerms(await this.terms.of(unit, project, pseudonym)) },
    });
  }
}
