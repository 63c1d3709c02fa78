import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@steward/database';
import { Clock, type AppError, type ErrorKind } from '@steward/kernel';
import { AuditTrail } from './audit-trail';
import type { Caller } from './caller';

/** One entry per principal (anonymous: address), entry and code in this time; more are counted in the next one. */
const WINDOW_MS = 60_000;
/** And at most this many entries in that time, whoever and whatever: an attacker must not fill the audit log. */
const MOST_PER_WINDOW = 300;

const REFUSALS: ReadonlySet<ErrorKind> = new Set(['unauthenticated', 'forbidden', 'not_found']);

interface Counted {
  repeats: number;
}

/** Writes refused attempts into the audit log, each in a transaction of its own, within bounds of rate and memory. */
@Injectable()
export class RefusalTrail {
  private readonly logger = new Logger(RefusalTrail.name);
  private windowStart = 0;
  private seen = new Map<string, Counted>();
  private unlisted = 0;

  constructor(
    private readonly database: Database,
    private readonly trail: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Never throws and never delays the answer. Faults that are no refusal (invalid, unavailable) are left out. */
  note(caller: Caller, entry: string, error: AppError): void {
    if (!REFUSALS.has(error.kind)) return;
    const before = this.openWindow();
    const who = caller.principal.id === 'anonymous' ? caller.address : caller.principal.id;
    const key = `${who} ${entry} ${error.code} ${caller.project}`;
    const counted = this.seen.get(key);
    if (counted) {
      counted.repeats += 1;
      return;
    }
    if (this.seen.size >= MOST_PER_WINDOW) {
      this.unlisted += 1;
      return;
    }
    this.seen.set(key, { repeats: 0 });
    void this.write(caller, entry, error, before);
  }

  /** Starts a new window when the old one is over; returns how many refusals the old one did not list. */
  private openWindow(): number {
    const now = this.clock.now();
    if (now - this.windowStart < WINDOW_MS) return 0;
    let left = this.unlisted;
    for (const { repeats } of this.seen.values()) left += repeats;
    this.seen = new Map();
    this.unlisted = 0;
    this.windowStart = now;
    return left;
  }

  private async write(caller: Caller, entry: string, error: AppError, before: number): Promise<void> {
    try {
      await this.database.transaction(async (unit) => {
        this.trail.record(unit, caller, {
          action: 'access.refuse',
          object: { kind: 'entry', id: entry.slice(0, 200) },
          project: error.kind === 'not_found' ? null : caller.project,
          outcome: 'refused',
          details: { code: error.code, ...(before > 0 ? { unlistedBefore: before } : {}) },
        });
      });
    } catch (failure) {
      this.logger.warn(
        { err: failure, entry, code: error.code },
        'A refusal could not be written to the audit log.',
      );
    }
  }
}
