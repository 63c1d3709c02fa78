import type { Database } from '@steward/database';
import { sql } from 'kysely';

/** Readers LISTEN here; the payload is a comma-separated list of topics that have new records. */
export const CHANNEL = 'steward_event_log';
/** NOTIFY takes a lock of the whole cluster at COMMIT, so it is said seldom, and never in a business transaction. */
const SPACING_MS = 20;

/** Wakes readers after an append, at most every 20 ms. A wake-up that fails is made good by their polling. */
export class LogNotifier {
  private readonly topics = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private saidAt = 0;
  private saying: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  notify(topics: readonly string[]): void {
    for (const topic of topics) this.topics.add(topic);
    if (this.timer) return;
    const wait = Math.max(0, this.saidAt + SPACING_MS - Date.now());
    this.timer = setTimeout(() => this.say(), wait);
  }

  async stop(): Promise<void> {
    if (this.timer) this.say();
    await this.saying;
  }

  private say(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.saidAt = Date.now();
    const payload = [...this.topics].join(',');
    this.topics.clear();
    this.saying = this.saying
      .then(() => sql`SELECT pg_notify(${CHANNEL}, ${payload})`.execute(this.database.kysely))
      .then(
        () => undefined,
        () => undefined,
      );
  }
}
