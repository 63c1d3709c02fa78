import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { canonicalJson } from '@steward/audit-log';
import { ProcessingChanged } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, sha256 } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import {
  bindingParts,
  DEFAULT_SETTINGS,
  SETTINGS,
  type BookEntry,
  type EntryContents,
  type EntryKind,
} from './processing-books';
import { ProcessingBooksRepository } from './processing-books.repository';
import { purposesFault, textsChanged, type PurposeRecord } from './purpose-record';

/** Bindings of a project; its whole state travels in one event. */
const MOST_BINDINGS = 1_000;

type Unit = UnitOfWork<GovernanceTables>;

/**
 * Writes an entry into the books of processing: a new version, unless it says the same. What follows from the books as a
 * whole for training and inference is told with it, in the same transaction.
 */
@Injectable()
export class PutEntry {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly books: ProcessingBooksRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async put<Kind extends EntryKind>(
    caller: Caller,
    project: string,
    kind: Kind,
    name: string,
    content: EntryContents[Kind],
  ): Promise<BookEntry<Kind>> {
    return this.database.transaction(async (unit) => {
      await this.books.lock(unit, project);
      const current = await this.books.current(project, kind, name, unit);
      if (current && digestOf(current.content) === digestOf(content)) return current;
      await this.check(unit, project, kind, content, current);
      const entry: BookEntry<Kind> = {
        project,
        kind,
        name,
        content,
        version: (current?.version ?? 0) + 1,
        changedBy: caller.principal.id,
        changedAt: this.clock.iso(),
      };
      await this.books.add(unit, entry);
      this.audit.record(unit, caller, {
        action: `processing-${kind}.change`,
        object: { kind: `processing-${kind}`, id: `${project}/${name}` },
        project,
        details: { version: entry.version, digest: digestOf(content) },
      });
      if (kind !== 'model') await this.announce(unit, caller, project);
      return entry;
    });
  }

  private async check<Kind extends EntryKind>(
    unit: Unit,
    project: string,
    kind: Kind,
    content: EntryContents[Kind],
    current: BookEntry<Kind> | null,
  ): Promise<void> {
    if (kind === 'purpose') {
      if (current && textsChanged(current.content as PurposeRecord, content as PurposeRecord))
        throw errors.conflict(
          'GOVERNANCE.CONSENT_TEXT_FIXED',
          'A consent text that was once in force stays as it is. Add a new version of it.',
        );
    } else if (kind === 'binding') {
      const known = new Set((await this.books.all(project, 'purpose', unit)).map(({ name }) => name));
      const unknown = (content as EntryContents['binding']).purposes.filter((name) => !known.has(name));
      if (unknown.length > 0)
        throw errors.invalid(
          'GOVERNANCE.PURPOSE_UNKNOWN',
          `There is no purpose ${unknown.join(', ')} in the books of this project.`,
          { details: { unknown } },
        );
      if (!current && (await this.books.all(project, 'binding', unit)).length >= MOST_BINDINGS)
        throw errors.limit(
          'GOVERNANCE.TOO_MANY_BINDINGS',
          `A project has ${MOST_BINDINGS} bindings at most.`,
        );
    }
  }

  /** The whole state of the project, so that it does not matter what a service has missed before. */
  private async announce(unit: Unit, caller: Caller, project: string): Promise<void> {
    const settings = await this.books.current(project, 'settings', SETTINGS, unit);
    const purposes = new Map(
      (await this.books.all(project, 'purpose', unit)).map(({ name, content }) => [name, content]),
    );
    const bindings = (await this.books.all(project, 'binding', unit)).map(({ name, content }) => ({
      ...bindingParts(name),
      purposes: content.purposes,
      refusal: purposesFault(content.purposes, purposes),
    }));
    const { purposeRequired } = settings?.content ?? DEFAULT_SETTINGS;
    this.outbox.publish(unit, ProcessingChanged, {
      subject: project,
      project: null,
      correlation: caller.correlation,
      actor: caller.principal.id,
      payload: { projectId: project, purposeRequired, bindings },
    });
  }
}

const digestOf = (content: object): string => sha256(canonicalJson(content));
