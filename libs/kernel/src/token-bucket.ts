/** A debt is never larger than what this many seconds bring. */
const LONGEST_DEBT_S = 10;

/**
 * Tokens that come in evenly, `capacity` at most. What asks for more than `capacity` is served from a full bucket and
 * leaves a debt, so that the rate holds in the long run whatever the size of a request. Nothing is allocated by a call.
 */
export class TokenBucket {
  private tokens: number;

  /** @param now milliseconds of a clock that only goes on, as for all calls */
  constructor(
    readonly perSecond: number,
    readonly capacity: number,
    private at: number,
  ) {
    this.tokens = capacity;
  }

  /** Milliseconds until `count` may be taken; 0: now. */
  wait(count: number, now: number): number {
    this.refill(now);
    const missing = Math.min(count, this.capacity) - this.tokens;
    return missing <= 0 ? 0 : Math.ceil((missing / this.perSecond) * 1_000);
  }

  /** Takes them, whether they are there or not: what others have spent already is a debt here. */
  take(count: number, now: number): void {
    this.refill(now);
    this.tokens = Math.max(this.tokens - count, -LONGEST_DEBT_S * this.perSecond - this.capacity);
  }

  private refill(now: number): void {
    if (now <= this.at) return;
    this.tokens = Math.min(this.capacity, this.tokens + ((now - this.at) / 1_000) * this.perSecond);
    this.at = now;
  }
}
