import { randomUUID } from 'node:crypto';
import type { EventEnvelope, ProtobufEventDefinition, ServiceName } from '@steward/contracts';
import { AppError, errors, isRetriable, newId, type Clock } from '@steward/kernel';
import type { BusMetrics } from '../bus-metrics';
import type { EventBus } from '../event-bus';
import { encodeEvent } from '../event-codec';
import { stamped } from '../event-headers';
import type { OutgoingRecord } from '../log-record';
import { TelemetryLog, type SealedEvent, type SealedTelemetry, type TelemetryEvent } from '../outbox';
import { currentTrace } from './pg-outbox';
import { StampingSealedTelemetry } from './sealed-telemetry';

interface Waiting {
  readonly record: OutgoingRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const TROUBLE_MS = 5_000;

export interface TelemetryLimits {
  /** Events in one batch. Default 500. */
  readonly batch?: number;
  /** Bytes in one batch. Default 4 MiB. */
  readonly batchBytes?: number;
  /** Events that may wait; more are refused. Default 10,000. */
  readonly waiting?: number;
  /** How long a batch is tried while the bus is away before its callers are told. Default 5,000 ms. */
  readonly patienceMs?: number;
}

/**
 * Appends telemetry in batches: what arrives while a batch is being written makes up the next. One batch at a time, so
 * that the sequences in each partition rise; a batch whose fate is unknown is sent again under the same sequences.
 */
export class BatchingTelemetryLog extends TelemetryLog {
  private readonly queue: Waiting[] = [];
  private readonly producer = randomUUID();
  private sequence = 0;
  private flushing: Promise<void> | undefined;
  private closed = false;
  private failed: { readonly code: string; readonly at: number } | null = null;

  constructor(
    private readonly service: ServiceName,
    private readonly bus: EventBus,
    private readonly clock: Clock,
    private readonly metrics: BusMetrics,
    private readonly limits: TelemetryLimits = {},
  ) {
    super();
  }

  async append<Message>(
    definition: ProtobufEventDefinition<string, Message>,
    event: TelemetryEvent<Message>,
  ): Promise<EventEnvelope> {
    const { payload, id, ...rest } = event;
    const envelope: EventEnvelope = {
      ...rest,
      id: id ?? newId(this.clock.now()),
      type: definition.type,
      source: this.service,
      time: this.clock.iso(),
      ...currentTrace(),
    };
    await this.enqueue(encodeEvent(definition as ProtobufEventDefinition, envelope, payload));
    return envelope;
  }

  sealed(): SealedTelemetry {
    return new StampingSealedTelemetry(this.service, this.clock);
  }

  async send(events: readonly SealedEvent[]): Promise<void> {
    const stop = this.metrics.appendSeconds.startTimer({ kind: 'telemetry' });
    await this.bus.append(events);
    stop();
    this.metrics.countAppended(events);
  }

  /**
   * Why batches could not be written just now. Forgotten after a while without a new failure: a process that gets no
   * requests because it is not ready would otherwise never be ready again.
   */
  get trouble(): string | null {
    return this.failed && Date.now() - this.failed.at < TROUBLE_MS ? this.failed.code : null;
  }

  /** Writes what waits, then takes nothing more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flushing;
  }

  private async enqueue(record: OutgoingRecord): Promise<void> {
    if (this.closed)
      throw errors.unavailable('EVENT.SHUTTING_DOWN', 'This process is shutting down. Try again.');
    if (this.queue.length >= (this.limits.waiting ?? 10_000)) {
      throw errors.unavailable('EVENT.OVERLOADED', 'Too many events wait for the log. Try again.');
    }
    const sequence = ++this.sequence;
    const headers = stamped(record.headers, { producer: this.producer, sequence });
    const done = new Promise<void>((resolve, reject) => {
      this.queue.push({ record: { ...record, headers }, resolve, reject });
    });
    this.flushing ??= this.flush();
    await done;
  }

  private async flush(): Promise<void> {
    // Callers of the same turn share the first batch.
    await Promise.resolve();
    while (this.queue.length > 0) await this.write(this.takeBatch());
    this.flushing = undefined;
  }

  private takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.queue) {
      bytes += record.value.length;
      if (
        count > 0 &&
        (count >= (this.limits.batch ?? 500) || bytes > (this.limits.batchBytes ?? 4 * 1024 * 1024))
      ) {
        break;
      }
      count++;
    }
    return this.queue.splice(0, count);
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const stop = this.metrics.appendSeconds.startTimer({ kind: 'telemetry' });
    const until = Date.now() + (this.limits.patienceMs ?? 5_000);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.bus.append(batch.map(({ record }) => record));
        this.failed = null;
        stop();
        this.metrics.countAppended(batch.map(({ record }) => record));
        for (const { resolve } of batch) resolve();
        return;
      } catch (error) {
        this.failed = { code: AppError.is(error) ? error.code : 'EVENT.APPEND_FAILED', at: Date.now() };
        const pauseMs = Math.min(25 * 2 ** attempt, 500);
        if (!isRetriable(error) || Date.now() + pauseMs > until) {
          for (const { reject } of batch) reject(error);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }
}
