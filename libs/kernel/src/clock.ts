/** Where time comes from, so that tests can hold it still. */
export abstract class Clock {
  /** Milliseconds since the epoch (UTC). */
  abstract now(): number;

  /** The current time as ISO 8601 in UTC with milliseconds. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }
}

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

/** A clock that stands still until it is moved. For tests. */
export class FixedClock extends Clock {
  constructor(private millis: number = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.millis;
  }

  advance(millis: number): void {
    this.millis += millis;
  }
}
