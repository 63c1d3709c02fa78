/** Hours whose rows count: the one that runs and the 24 before it, so that no 24 hours hold more than the limit. */
const HOURS = 25;
const HOUR_MS = 3_600_000;

/** Hours since the epoch. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);

/** The first hour whose rows do not count any more at the hour `now`. */
export const forgottenBefore = (now: number): number => now - HOURS + 1;

/**
 * Rows of a sliding day by the hour: those that stand in the database, and those of this process that do not yet. What
 * was asked in an hour counts until a day after the hour's end. Nothing is allocated by a call.
 */
export class DayWindow {
  private readonly hours = new Int32Array(HOURS);
  private readonly stored = new Float64Array(HOURS);
  private readonly pending = new Float64Array(HOURS);
  private sum = 0;
  private summedAt = -1;

  /** Rows that count at the hour. */
  used(hour: number): number {
    if (this.summedAt !== hour) {
      this.sum = 0;
      for (let slot = 0; slot < HOURS; slot++) {
        if (this.counts(slot, hour)) this.sum += this.stored[slot]! + this.pending[slot]!;
      }
      this.summedAt = hour;
    }
    return this.sum;
  }

  take(rows: number, hour: number): void {
    this.pending[this.slotOf(hour)]! += rows;
    if (this.summedAt === hour) this.sum += rows;
  }

  /** When `rows` more fit under the limit, milliseconds since the epoch; null: never, it is more than the limit. */
  fits(rows: number, limit: number, hour: number): number | null {
    if (rows > limit) return null;
    let used = this.used(hour);
    for (let oldest = hour - HOURS + 1; oldest <= hour; oldest++) {
      if (used + rows <= limit) return Math.max(oldest - 1 + HOURS, hour) * HOUR_MS;
      const slot = slotAt(oldest);
      if (this.hours[slot] === oldest) used -= this.stored[slot]! + this.pending[slot]!;
    }
    return (hour + HOURS) * HOUR_MS;
  }

  /** What the database does not have yet, by the hour. */
  *unwritten(): Generator<{ readonly hour: number; readonly rows: number }> {
    for (let slot = 0; slot < HOURS; slot++) {
      if (this.pending[slot]! > 0) yield { hour: this.hours[slot]!, rows: this.pending[slot]! };
    }
  }

  /** What the database holds of an hour, `written` of it brought by this process just now. */
  store(hour: number, total: number, written = 0): void {
    const slot = slotAt(hour);
    if (this.hours[slot]! > hour) return;
    this.slotOf(hour);
    this.stored[slot] = total;
    this.pending[slot] = Math.max(0, this.pending[slot]! - written);
    this.summedAt = -1;
  }

  private counts(slot: number, hour: number): boolean {
    return this.hours[slot]! > hour - HOURS && this.hours[slot]! <= hour;
  }

  /** The slot of an hour, emptied of the hour that had it 25 hours before. */
  private slotOf(hour: number): number {
    const slot = slotAt(hour);
    if (this.hours[slot] !== hour) {
      this.hours[slot] = hour;
      this.stored[slot] = 0;
      this.pending[slot] = 0;
    }
    return slot;
  }
}

const slotAt = (hour: number): number => hour % HOURS;
