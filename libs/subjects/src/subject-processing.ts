import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SubjectProcessingChanged } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { sql } from 'kysely';
import { projectOf } from './subject-orders.consumers';
import type { SubjectTables } from './subject-tables';

/** Processes that do not consume events themselves look so often, so that a change holds in all within a second. */
const LOOK_MS = 250;

/** What may be done with a subject's data. */
export interface SubjectTerms {
  readonly training: boolean;
  readonly inference: 'allowed' | 'person' | 'refused';
  readonly because: readonly string[];
}

/**
 * This service's copy of what data subjects do not allow, in memory. Whom it does not know allows everything. Read it
 * by {@link SubjectProcessing.of}; it follows the event within a second in every process of the service.
 */
@Injectable()
export class SubjectProcessing implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SubjectProcessing.name);
  private readonly terms = new Map<string, SubjectTerms>();
  private readonly gone = new Set<string>();
  private seen = '0';
  private erasedSeen = new Date(0);
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database<SubjectTables>) {}

  /** The first look is awaited: no request is answered before it. With the database away it goes on trying. */
  async onApplicationBootstrap(): Promise<void> {
    await this.look();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** Null: everything is allowed. An erased subject's data may not be processed at all. */
  of(pseudonym: string): SubjectTerms | null {
    if (this.gone.has(pseudonym)) return ERASED;
    return this.terms.get(pseudonym) ?? null;
  }

  /** Pseudonyms of a project that are to be left out of training sets, in order. */
  async leftOutOfTraining(project: string): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom('subject_processing')
      .select('pseudonym')
      .where('project', '=', project)
      .where('training', '=', false)
      .orderBy('pseudonym')
      .execute();
    return rows.map(({ pseudonym }) => pseudonym);
  }

  async write(
    unit: UnitOfWork<SubjectTables>,
    project: string,
    pseudonym: string,
    to: SubjectTerms,
  ): Promise<void> {
    const values = {
      training: to.training,
      inference: to.inference,
      because: JSON.stringify(to.because),
    };
    await unit.tx
      .insertInto('subject_processing')
      .values({ project, pseudonym, ...values })
      .onConflict((conflict) =>
        conflict.columns(['project', 'pseudonym']).doUpdateSet({
          ...values,
          changed_at: sql`now()`,
          sequence: sql`nextval('subject_processing_sequence')`,
        }),
      )
      .execute();
    unit.afterCommit(() => this.lookOnce());
  }

  private async look(): Promise<void> {
    await this.lookOnce();
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  private lookOnce(): Promise<void> {
    this.looking = this.looking.then(() =>
      this.read().catch((error: unknown) =>
        this.logger.warn(`The terms of data subjects cannot be read at the moment: ${String(error)}`),
      ),
    );
    return this.looking;
  }

  /** Rows that changed since the last look; a few before it again, because sequences commit out of order. */
  private async read(): Promise<void> {
    const changed = await this.database.kysely
      .selectFrom('subject_processing')
      .selectAll()
      .where(sql<boolean>`sequence > ${this.seen}::bigint - 1000`)
      .orderBy('sequence')
      .execute();
    for (const row of changed) {
      const { training, inference, because } = row;
      if (training && inference === 'allowed') this.terms.delete(row.pseudonym);
      else this.terms.set(row.pseudonym, { training, inference, because });
      this.seen = row.sequence;
    }
    const erased = await this.database.kysely
      .selectFrom('erased_subjects')
      .select(['pseudonym', 'erased_at'])
      .where('erased_at', '>', new Date(this.erasedSeen.getTime() - 60_000))
      .execute();
    for (const { pseudonym, erased_at } of erased) {
      this.gone.add(pseudonym);
      if (erased_at > this.erasedSeen) this.erasedSeen = erased_at;
    }
  }
}

const ERASED: SubjectTerms = Object.freeze({ training: false, inference: 'refused', because: ['erasure'] });

/** Restricted, objected, consent withdrawn or given again: it holds here from the commit on. */
@Injectable()
export class SubjectProcessingChangedConsumer extends EventConsumer<
  typeof SubjectProcessingChanged,
  SubjectTables
> {
  readonly event = SubjectProcessingChanged;

  constructor(private readonly processing: SubjectProcessing) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof SubjectProcessingChanged>,
    unit: UnitOfWork<SubjectTables>,
  ): Promise<HandlerResult> {
    const { pseudonym, ...terms } = event.payload;
    await this.processing.write(unit, projectOf(event), pseudonym, terms);
    return handled.ok;
  }
}
