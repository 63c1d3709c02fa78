import { Logger } from '@nestjs/common';
import type { Database, UnitOfWork } from '@steward/database';
import { isContention } from '@steward/database';
import { AppError, isRetriable } from '@steward/kernel';
import type { Transaction } from 'kysely';
import type { BusMetrics } from '../bus-metrics';
import type { HandlerResult } from '../consumer';
import { decodeEvent, type DecodedEvent } from '../event-codec';
import { partitionName, type LogRecord } from '../log-record';
import type { MessagingTables } from '../messaging-tables';
import type { BatchOutcome, BatchProcessor } from './batch-processor';
import { PositionLost, type ConsumerStore } from './consumer-store';
import { topicNamed, type Handlers } from './handlers';
import type { PartitionMonitor } from './partition-monitor';
import { handleOne, runHandler, type FailedHandler, type OneOutcome } from './run-handler';

/** An event is given up after this many tries that failed for a reason of its own. */
export const TRIES = 5;
const LONGEST_BACKOFF_MS = 10_000;

/** Says which record of a batch could not be applied, so that those before it can be. */
class BatchBroken extends Error {
  constructor(
    readonly index: number,
    /** What a handler threw; undefined: it returned something that the batch cannot go on from. */
    override readonly cause: unknown,
  ) {
    super('A record of the batch could not be applied.');
  }
}

type Decoded = { readonly event: DecodedEvent } | { readonly fault: AppError };

function decodeGuarded(record: LogRecord): Decoded {
  try {
    return { event: decodeEvent(record) };
  } catch (error) {
    if (AppError.is(error)) return { fault: error };
    throw error;
  }
}

/** Rolls a transaction back and carries out what became of the event. */
class Undone extends Error {
  constructor(readonly outcome: OneOutcome) {
    super('The event was not settled.');
  }
}

const goesOn = (result: HandlerResult): boolean => result.kind === 'ok' || result.kind === 'drop';
const txOf = (unit: UnitOfWork): Transaction<MessagingTables> => unit.tx as Transaction<MessagingTables>;

/** Applies batches to a service's handlers. The rules are those of docs: architecture, "In" and "Trouble". */
export class EventBatchProcessor implements BatchProcessor {
  private readonly logger = new Logger('EventConsumers');
  private readonly backoff = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly store: ConsumerStore,
    private readonly handlers: Handlers,
    private readonly monitor: PartitionMonitor,
    private readonly metrics: BusMetrics,
    /** How often a partition that may not skip is tried again. */
    private readonly timing: { readonly stoppedRetryMs: number },
  ) {}

  position(topic: string, partition: number): Promise<number> {
    return this.store.position(topic, partition);
  }

  turned(topic: string, partition: number, lag: number): void {
    this.monitor.turned(topic, partition, lag);
  }

  released(topic: string, partition: number): void {
    this.backoff.delete(partitionName(topic, partition));
    this.monitor.released(topic, partition);
  }

  async process(
    expected: number,
    records: readonly LogRecord[],
    heartbeat: () => Promise<void> = () => Promise.resolve(),
  ): Promise<BatchOutcome> {
    const [first] = records;
    if (!first) return { kind: 'advanced', next: expected };
    const stop = this.metrics.handleSeconds.startTimer({ topic: first.topic });
    try {
      return await this.whole(expected, records, heartbeat);
    } catch (error) {
      return this.trouble(first, expected, error);
    } finally {
      stop();
    }
  }

  /** The whole batch in one transaction; if a record breaks it, those before it, then that one alone. */
  private async whole(
    expected: number,
    records: readonly LogRecord[],
    heartbeat: () => Promise<void>,
  ): Promise<BatchOutcome> {
    try {
      await this.apply(expected, records, heartbeat);
      return this.advanced(records);
    } catch (error) {
      const cause = error instanceof BatchBroken ? error.cause : error;
      if (cause instanceof PositionLost || isRetriable(cause)) throw cause;
      // Not known which record: a handler swallowed the error of a statement, or a hook before COMMIT failed.
      const index = error instanceof BatchBroken ? error.index : 0;
      if (index === 0) return await this.alone(expected, records[0]!);
      const next = records[index - 1]!.offset + 1;
      const before = await this.whole(expected, records.slice(0, index), heartbeat);
      return before.kind === 'advanced' && before.next === next
        ? await this.alone(next, records[index]!)
        : before;
    }
  }

  private advanced(records: readonly LogRecord[]): BatchOutcome {
    const last = records.at(-1)!;
    this.backoff.delete(partitionName(last.topic, last.partition));
    this.monitor.troubled(last.topic, last.partition, null);
    return { kind: 'advanced', next: last.offset + 1 };
  }

  private async apply(
    expected: number,
    records: readonly LogRecord[],
    heartbeat: () => Promise<void>,
  ): Promise<void> {
    const { topic, partition } = records[0]!;
    const decoded = records.map(decodeGuarded);
    const results = await this.database.transaction(async (unit) => {
      await this.store.advance(txOf(unit), topic, partition, expected, records.at(-1)!.offset + 1);
      const unseen = await this.store.unseen(txOf(unit), records);
      const results: string[] = [];
      for (const [index, record] of records.entries()) {
        await heartbeat();
        this.monitor.turned(topic, partition);
        results.push(
          unseen.has(record) ? await this.applyRecord(unit, record, decoded[index]!, index) : 'duplicate',
        );
      }
      return results;
    });
    this.count(topic, results);
  }

  private async applyRecord(
    unit: UnitOfWork,
    record: LogRecord,
    decoded: Decoded,
    index: number,
  ): Promise<string> {
    if ('fault' in decoded) {
      if (!topicNamed(record.topic).maySkip) throw new BatchBroken(index, decoded.fault);
      await this.toDeadLetters(txOf(unit), record, { name: '', error: decoded.fault, asked: true });
      return 'dead-letter';
    }
    let result = 'ok';
    for (const handler of this.handlers.of(record.topic, decoded.event.envelope.type)) {
      const answer = await runHandler(handler, record, decoded.event, unit).catch((error: unknown) => {
        throw isContention(error) ? error : new BatchBroken(index, error);
      });
      if (!goesOn(answer)) throw new BatchBroken(index, undefined);
      result = answer.kind;
    }
    return result;
  }

  /**
   * One record by itself, each handler under a savepoint, so that one that fails does not undo the others.
   * `giveUp`: what still fails goes to the dead letters.
   */
  private async alone(expected: number, record: LogRecord, giveUp = false): Promise<BatchOutcome> {
    const decoded = decodeGuarded(record);
    if ('fault' in decoded) return this.stopped(expected, record, decoded.fault);
    const outcome = await this.tryAlone(expected, record, decoded.event, giveUp);
    if (outcome === 'done') return this.advanced([record]);
    if (outcome.retryMs !== undefined) return { kind: 'wait', next: expected, waitMs: outcome.retryMs };
    return await this.failed(expected, record, decoded.event, outcome.failed);
  }

  private async tryAlone(
    expected: number,
    record: LogRecord,
    event: DecodedEvent,
    giveUp: boolean,
  ): Promise<'done' | OneOutcome> {
    const { topic, partition, offset } = record;
    const { maySkip } = topicNamed(topic);
    const handlers = this.handlers.of(topic, event.envelope.type);
    try {
      return await this.database.transaction<'done' | OneOutcome>(async (unit) => {
        await this.store.advance(txOf(unit), topic, partition, expected, offset + 1);
        const unseen = await this.store.unseen(txOf(unit), [record]);
        if (unseen.size === 0) return 'done';
        const outcome = await handleOne(handlers, record, event, unit);
        const settled = maySkip && outcome.failed.every(({ asked }) => asked || giveUp);
        if (outcome.retryMs !== undefined || (outcome.failed.length > 0 && !settled))
          throw new Undone(outcome);
        for (const failure of outcome.failed) await this.toDeadLetters(txOf(unit), record, failure);
        this.count(topic, [outcome.failed.length > 0 ? 'dead-letter' : 'ok']);
        return 'done';
      });
    } catch (error) {
      if (error instanceof Undone) return error.outcome;
      throw error;
    }
  }

  private async failed(
    expected: number,
    record: LogRecord,
    event: DecodedEvent,
    failed: readonly FailedHandler[],
  ): Promise<BatchOutcome> {
    const [worst] = failed;
    if (failed.every(({ asked }) => asked)) return this.stopped(expected, record, worst?.error);
    const tries = await this.store.countTry(record.topic, record.partition, record.offset);
    this.logger.warn(
      `${failed.map(({ name }) => name).join(', ')} could not handle ${event.envelope.type} ${event.envelope.id} ` +
        `(${record.topic}/${record.partition}@${record.offset}, try ${tries}): ${String(worst?.error)}`,
    );
    if (tries < TRIES) return { kind: 'wait', next: expected, waitMs: 50 * 2 ** tries };
    if (!topicNamed(record.topic).maySkip) return this.stopped(expected, record, worst?.error);
    return await this.alone(expected, record, true);
  }

  private async toDeadLetters(
    tx: Transaction<MessagingTables>,
    record: LogRecord,
    failure: FailedHandler,
  ): Promise<void> {
    const code = AppError.is(failure.error) ? failure.error.code : 'EVENT.HANDLER_FAILED';
    const reason = failure.error instanceof Error ? failure.error.message : String(failure.error);
    await this.store.deadLetter(tx, record, { consumer: failure.name, code, reason: reason.slice(0, 1_000) });
    this.metrics.deadLetters.inc({ topic: record.topic, code });
  }

  private stopped(expected: number, record: LogRecord, error: unknown): BatchOutcome {
    const { topic, partition, offset } = record;
    const code = AppError.is(error) ? error.code : 'EVENT.HANDLER_FAILED';
    this.monitor.troubled(topic, partition, { kind: 'stopped', code, offset });
    this.logger.error(
      `${topic}/${partition} stands still at offset ${offset}, which may not be skipped: ${code}. ${String(error)}`,
    );
    return { kind: 'wait', next: expected, waitMs: this.timing.stoppedRetryMs };
  }

  /** What is not the event's fault: the partition waits as long as it lasts. */
  private trouble(first: LogRecord, expected: number, error: unknown): BatchOutcome {
    const { topic, partition } = first;
    if (error instanceof PositionLost) return { kind: 'lost' };
    const name = partitionName(topic, partition);
    const tries = (this.backoff.get(name) ?? 0) + 1;
    this.backoff.set(name, tries);
    const code = AppError.is(error) ? error.code : 'EVENT.RUNNER_FAILED';
    this.monitor.troubled(topic, partition, { kind: 'waiting', code });
    this.logger.warn(`${name} waits at offset ${expected} (${code}): ${String(error)}`);
    return { kind: 'wait', next: expected, waitMs: Math.min(50 * 2 ** tries, LONGEST_BACKOFF_MS) };
  }

  async outOfRange(topic: string, partition: number, expected: number, first: number): Promise<boolean> {
    const missing = first - expected;
    const code = 'EVENT.OFFSET_OUT_OF_RANGE';
    if (missing < 0 || topicNamed(topic).retentionDays === null) {
      this.monitor.troubled(topic, partition, { kind: 'stopped', code, offset: expected });
      this.logger.error(
        `${topic}/${partition}: this service is at offset ${expected}, the log at ${first}. The log was cut or made anew; ` +
          'the partition stands still until somebody decides.',
      );
      return false;
    }
    await this.database.transaction((unit) =>
      this.store.advance(txOf(unit), topic, partition, expected, first),
    );
    this.metrics.lost.inc({ topic }, missing);
    this.logger.error(
      `${topic}/${partition}: retention deleted ${missing} events before this service read them.`,
    );
    return true;
  }

  private count(topic: string, results: readonly string[]): void {
    for (const result of new Set(results)) {
      const n = results.filter((one) => one === result).length;
      if (result === 'duplicate') this.metrics.duplicates.inc({ topic }, n);
      else this.metrics.handled.inc({ topic, result }, n);
    }
  }
}
