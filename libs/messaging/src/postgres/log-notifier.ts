import type { Database } from '@steward/database';
import { sql } from 'kysely';

/** Readers LISTEN here; the payload is a comma-separated list of topics that have new records. */
export const CHANNEL = 'steward_event_log';
/** NOTIFY takes a lock of the whole cluster at COMMIT, so it is said seldom, and never in a business transaction. */
const SPACING_MS = 20;
/** The same of telemetry, which comes all the time where there is any, and for which nobody waits. */
export const TELEMETRY_SPACING_MS = 100;

/** Wakes readers after an append, at most every 20 ms. A wake-up that fails is made good by their polling. */
export class LogNotifier {
  private readonly topics = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  /** When the timer ends. */
  private dueAt = Infinity;
  private saidAt = 0;
  private saying: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  notify(topics: Iterable<string>, spacingMs = SPACING_MS): void {
    for (const topic of topics) this.topics.add(topic);
    const now = Date.now();
    const at = Math.max(now, this.saidAt + spacingMs);
    if (at >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = at;
    this.timer = setTimeout(() => this.say(), at - now);
  }

  async stop(): Promise<void> {
    if (this.timer) this.say();
    await this.saying;
  }

  protected send(payload: string): Promise<unknown> {
    return sql`SELECT pg_notify(${CHANNEL}, ${payload})`.execute(this.database.kysely);
  }

  private say(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.dueAt = Infinity;
    this.saidAt = Date.now();
    const payload = [...this.topics].join(',');
    this.topics.clear();
    this.saying = this.saying
      .then(() => this.send(payload))
      .then(
        () => undefined,
        () => undefined,
      );
  }
}
