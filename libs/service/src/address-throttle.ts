import { errors, type AppError } from '@steward/kernel';

const WINDOW_MS = 10_000;
/** More addresses than this in a window are not told apart: their counts begin anew. */
const MOST_ADDRESSES = 50_000;

/** Where an address stands in its window. */
export interface Turn {
  readonly limit: number;
  readonly remaining: number;
  /** Until the window ends, whole seconds, 1 at least. */
  readonly resetSeconds: number;
}

/** Counts requests by address in windows of 10 s: the limit of the application's throttle, without a timer a request. */
export class AddressThrottle {
  private readonly counts = new Map<string, number>();
  private endsAt = 0;

  /** @param limit most requests of an address in a window */
  constructor(
    private readonly limit: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Counts a request. */
  enter(address: string): Turn {
    const now = this.now();
    if (now >= this.endsAt || this.counts.size >= MOST_ADDRESSES) {
      this.counts.clear();
      this.endsAt = now + WINDOW_MS;
    }
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    const resetSeconds = Math.max(1, Math.ceil((this.endsAt - now) / 1_000));
    return { limit: this.limit, remaining: this.limit - count, resetSeconds };
  }
}

/** What a throttled caller is told, by either way. */
export const tooManyRequests = (): AppError =>
  errors.limit('HTTP.TOO_MANY_REQUESTS', 'Too many requests from this address. Slow down.', {
    retriable: true,
  });
