import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { ConsentChanged } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, newId, sha256 } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { ConsentRepository, type ConsentEvent } from './consent.repository';
import { ProcessingBooksRepository } from './processing-books.repository';
import type { PurposeRecord } from './purpose-record';

/** What a subject said, as the caller reports it. */
export interface SaidConsent {
  readonly pseudonym: string;
  readonly purpose: string;
  readonly state: 'given' | 'withdrawn';
  readonly textVersion: number | null;
  /** When; null: now. */
  readonly at: string | null;
}

/** Clocks of two machines may differ by this much. */
const TOLERANCE_MS = 60_000;

type Unit = UnitOfWork<GovernanceTables>;
type Purposes = ReadonlyMap<string, PurposeRecord>;

/**
 * Records what data subjects agreed to or took back: all of a call or nothing. Each word is told by event, with the
 * purposes resting on consent that the subject has withdrawn by then; subject requests make its terms of that.
 */
@Injectable()
export class RecordConsents {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly consents: ConsentRepository,
    private readonly books: ProcessingBooksRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async record(caller: Caller, project: string, said: readonly SaidConsent[]): Promise<ConsentEvent[]> {
    const entries = await this.books.all(project, 'purpose');
    const purposes = new Map(entries.map(({ name, content }) => [name, content]));
    const events = said.map((word) => this.eventOf(caller, project, word, purposes));
    await this.database.transaction(async (unit) => {
      // In one order, so that two calls about the same subjects do not wait for each other.
      for (const pseudonym of [...new Set(events.map((event) => event.pseudonym))].sort())
        await this.consents.lock(unit, project, pseudonym);
      for (const event of events) await this.write(unit, caller, event, purposes);
    });
    return events;
  }

  private eventOf(caller: Caller, project: string, word: SaidConsent, purposes: Purposes): ConsentEvent {
    const purpose = purposes.get(word.purpose);
    if (!purpose)
      throw errors.invalid('GOVERNANCE.PURPOSE_UNKNOWN', 'There is no such purpose in this project.', {
        details: { purpose: word.purpose },
      });
    const seen = purpose.consentTexts.find(({ version }) => version === word.textVersion);
    if (!seen && (word.state === 'given' || word.textVersion !== null))
      throw errors.invalid(
        'GOVERNANCE.CONSENT_TEXT_UNKNOWN',
        'Say which version of the purpose’s consent text the subject saw.',
        { details: { purpose: word.purpose, known: purpose.consentTexts.map(({ version }) => version) } },
      );
    const now = this.clock.now();
    if (word.at !== null && Date.parse(word.at) > now + TOLERANCE_MS)
      throw errors.invalid('GOVERNANCE.CONSENT_IN_FUTURE', 'A consent cannot be given in the future.');
    return {
      id: newId(now),
      project,
      pseudonym: word.pseudonym,
      purpose: word.purpose,
      state: word.state,
      textVersion: word.textVersion,
      textDigest: seen ? sha256(seen.text) : null,
      at: word.at === null ? new Date(now).toISOString() : new Date(word.at).toISOString(),
      recordedAt: new Date(now).toISOString(),
      recordedBy: caller.principal.id,
    };
  }

  private async write(unit: Unit, caller: Caller, event: ConsentEvent, purposes: Purposes): Promise<void> {
    const { id, project, pseudonym, purpose, state, textVersion, textDigest, at } = event;
    await this.consents.add(unit, event);
    const rests = (name: string): boolean => purposes.get(name)?.lawfulBasis?.article === 'a';
    const withdrawn = (await this.consents.standing(project, pseudonym, unit))
      .filter((last) => last.state === 'withdrawn' && rests(last.purpose))
      .map((last) => last.purpose);
    this.outbox.publish(unit, ConsentChanged, {
      subject: `${project}/${pseudonym}`,
      project,
      correlation: caller.correlation,
      actor: caller.principal.id,
      payload: {
        pseudonym,
        purpose,
        state,
        textVersion,
        textDigest,
        at,
        restsOnConsent: rests(purpose),
        withdrawn,
      },
    });
    this.audit.record(unit, caller, {
      action: state === 'given' ? 'consent.give' : 'consent.withdraw',
      object: { kind: 'data-subject', id: pseudonym },
      project,
      details: { consent: id, purpose, textVersion, textDigest },
    });
  }
}
