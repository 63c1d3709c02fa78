import { Injectable } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { DayWindow } from './day-window';
import type { HourRows } from './row-quota.repository';

/** The windows of all daily quotas, by what they are of: in memory, for nobody waits for the database. */
@Injectable()
export class RowQuotas {
  private readonly windows = new Map<string, DayWindow>();
  private known = false;

  /** Throws AppError `INFERENCE.QUOTA_UNKNOWN` (unavailable) while it is not known what was used before the start. */
  window(scope: string): DayWindow {
    const known = this.windows.get(scope);
    if (known) return known;
    const window = new DayWindow();
    this.windows.set(scope, window);
    return window;
  }

  requireKnown(): void {
    if (this.known) return;
    throw errors.unavailable(
      'INFERENCE.QUOTA_UNKNOWN',
      'The daily quotas have not been read yet. Try again in a second.',
    );
  }

  /** What must be written, ordered by its key. */
  unwritten(): HourRows[] {
    const rows: HourRows[] = [];
    for (const [scope, window] of this.windows) {
      for (const { hour, rows: of } of window.unwritten()) rows.push({ scope, hour, rows: of });
    }
    return rows.toSorted((a, b) => (a.scope < b.scope ? -1 : a.scope > b.scope ? 1 : a.hour - b.hour));
  }

  /** Totals that were read, of others or of before the start. */
  read(totals: readonly HourRows[]): void {
    for (const { scope, hour, rows } of totals) this.window(scope).store(hour, rows);
    this.known = true;
  }

  /** Totals after a write. */
  wrote(written: readonly HourRows[], totals: readonly HourRows[]): void {
    const brought = new Map(written.map(({ scope, hour, rows }) => [`${hour} ${scope}`, rows]));
    for (const { scope, hour, rows } of totals)
      this.window(scope).store(hour, rows, brought.get(`${hour} ${scope}`) ?? 0);
  }

  /** Forgets windows in which nothing counts any more, unless somebody uses them. */
  prune(hour: number, used: ReadonlySet<DayWindow>): void {
    for (const [scope, window] of this.windows)
      if (!used.has(window) && window.used(hour) === 0) this.windows.delete(scope);
  }
}
