import { Logger } from '@nestjs/common';
import { AppError } from '@steward/kernel';
import { sql, type Kysely } from 'kysely';
import type { BusMetrics } from '../bus-metrics';
import type { MessagingTables } from '../messaging-tables';

/** Moves events from the outbox to the log. One implementation a bus. */
export abstract class RelayStep {
  /** Moves up to one batch, in order. Returns how many; 0: nothing to do, or another process of the service relays. */
  abstract move(): Promise<number>;

  /** This process stops: another one may relay at once. */
  release(): Promise<void> {
    return Promise.resolve();
  }
}

/** A look that writes nothing: the outbox is mostly empty, and is looked at ten times a second. */
export async function hasOutgoing(db: Kysely<MessagingTables>): Promise<boolean> {
  return (await db.selectFrom('outbox').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Without a wake-up: how often the outbox is looked at. Other processes of the service write to it too. */
const POLL_MS = 100;
const LONGEST_BACKOFF_MS = 2_000;
const MEASURE_MS = 2_000;

/** Runs the steps of one process of a service until it is stopped. Any process may relay; only one does at a time. */
export class OutboxRelay {
  private readonly logger = new Logger(OutboxRelay.name);
  private running: Promise<void> | undefined;
  private stopped = false;
  private wakeUp: () => void = () => undefined;
  private woken = false;
  private measuredAt = 0;
  /** Why the relay cannot move events at the moment. */
  trouble: string | null = null;
  /** Milliseconds since the epoch: when it last came round. */
  turnedAt = Date.now();

  constructor(
    private readonly step: RelayStep,
    private readonly db: Kysely<MessagingTables>,
    private readonly metrics: BusMetrics,
  ) {}

  start(): void {
    this.stopped = false;
    this.running ??= this.run();
  }

  /** There is something in the outbox. */
  readonly wake = (): void => {
    this.woken = true;
    this.wakeUp();
  };

  /** Ends after the batch in hand. What remains in the outbox goes out at the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
    this.running = undefined;
    await this.step.release().catch(() => undefined);
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped) {
      this.turnedAt = Date.now();
      this.woken = false;
      try {
        const moved = await this.step.move();
        await this.measure();
        this.trouble = null;
        failures = 0;
        if (moved === 0) await this.sleep(POLL_MS);
      } catch (error) {
        failures++;
        this.report(error, failures);
        await this.sleep(Math.min(50 * 2 ** failures, LONGEST_BACKOFF_MS), true);
      }
    }
  }

  private report(error: unknown, failures: number): void {
    const code = AppError.is(error) ? error.code : 'EVENT.RELAY_FAILED';
    if (this.trouble !== code || failures % 30 === 0)
      this.logger.warn(`The outbox waits (${code}): ${String(error)}`);
    this.trouble = code;
  }

  private async sleep(millis: number, evenIfWoken = false): Promise<void> {
    if (this.stopped || (this.woken && !evenIfWoken)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.wakeUp = () => {
        if (evenIfWoken && !this.stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = () => undefined;
  }

  private async measure(): Promise<void> {
    if (Date.now() - this.measuredAt < MEASURE_MS) return;
    this.measuredAt = Date.now();
    const row = await this.db
      .selectFrom('outbox')
      .select([
        sql<number>`count(*)`.as('backlog'),
        sql<number>`coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8`.as('age'),
      ])
      .executeTakeFirstOrThrow();
    this.metrics.outboxBacklog.set(row.backlog);
    this.metrics.outboxAge.set(row.age);
  }
}
