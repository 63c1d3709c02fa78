import type { CallLimits } from '@steward/contracts';
import { TokenBucket } from '@steward/kernel';
import type { DayWindow } from './day-window';

/** Whose limit it is: a label of the metrics. */
export type LimitOf = 'caller' | 'project' | 'caller_of_model' | 'model';
/** Which limit it is: a label of the metrics. */
export type LimitKind = 'requestsPerSecond' | 'rowsPerSecond' | 'rowsPerDay' | 'concurrentRequests';

/** What somebody may still ask for, in this process: his limits, and how much of them is used. */
export class Allowance {
  private requests: TokenBucket | null = null;
  private rows: TokenBucket | null = null;
  private limits: CallLimits = {};
  private day: DayWindow | null = null;
  /** What this process let through since {@link spent} was last asked. */
  private requestsSpent = 0;
  private rowsSpent = 0;
  /** Requests in hand, in this process. */
  private inHand = 0;

  /**
   * @param key under which it is counted, in all processes
   * @param who as a sentence begins: "API key 0123"
   */
  constructor(
    readonly key: string,
    readonly of: LimitOf,
    readonly who: string,
  ) {}

  /** Sets the limits; what is used stays used where a limit stays. */
  set(limits: CallLimits, day: (key: string) => DayWindow, now: number): this {
    const { requestsPerSecond, rowsPerSecond, rowsPerDay } = limits;
    const burst = limits.burst ?? Math.max(1, requestsPerSecond ?? 1);
    this.requests = bucket(this.requests, requestsPerSecond, burst, now);
    this.rows = bucket(this.rows, rowsPerSecond, Math.max(1, rowsPerSecond ?? 1), now);
    this.day = rowsPerDay === undefined ? null : (this.day ?? day(this.key));
    this.limits = limits;
    return this;
  }

  get window(): DayWindow | null {
    return this.day;
  }

  /** How much of a limit there is. */
  limit(kind: LimitKind): number {
    return this.limits[kind] ?? Infinity;
  }

  /** Milliseconds until another request may come; 0: now. */
  requestWait(now: number): number {
    return this.requests?.wait(1, now) ?? 0;
  }

  /** Whether as many requests are in hand as may be. */
  get busy(): boolean {
    return this.inHand >= this.limit('concurrentRequests');
  }

  /** Milliseconds until so many rows may come, as far as the limit of a second goes; 0: now. */
  rowsWait(rows: number, now: number): number {
    return this.rows?.wait(rows, now) ?? 0;
  }

  /** Whether so many rows are left of the day's. */
  fitsDay(rows: number, hour: number): boolean {
    return this.day === null || this.day.used(hour) + rows <= this.limit('rowsPerDay');
  }

  /** Rows that are left of the day's; null: there is no such limit. */
  leftOfDay(hour: number): number | null {
    return this.day === null ? null : Math.max(0, this.limit('rowsPerDay') - this.day.used(hour));
  }

  takeRequest(now: number): void {
    this.requests?.take(1, now);
    this.requestsSpent += 1;
    this.inHand += 1;
  }

  /** A request that was taken has ended. */
  leave(): void {
    this.inHand -= 1;
  }

  takeRows(rows: number, now: number, hour: number): void {
    this.rows?.take(rows, now);
    this.day?.take(rows, hour);
    this.rowsSpent += rows;
  }

  /** What was let through elsewhere; the day's rows come by the database. */
  debit(requests: number, rows: number, now: number): void {
    this.requests?.take(requests, now);
    this.rows?.take(rows, now);
  }

  /** What was let through here since the last call: [key, requests, rows]. */
  spent(): Spent {
    const spent: Spent = [this.key, this.requestsSpent, this.rowsSpent];
    this.requestsSpent = 0;
    this.rowsSpent = 0;
    return spent;
  }
}

/** Key, requests and rows. */
export type Spent = readonly [key: string, requests: number, rows: number];

function bucket(
  before: TokenBucket | null,
  perSecond: number | undefined,
  capacity: number,
  now: number,
): TokenBucket | null {
  if (perSecond === undefined) return null;
  if (before?.perSecond === perSecond && before.capacity === capacity) return before;
  return new TokenBucket(perSecond, capacity, now);
}
