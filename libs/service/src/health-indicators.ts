import { Injectable } from '@nestjs/common';
import { PolicyCache, STALE_AFTER_MS } from '@steward/access';
import { Database } from '@steward/database';
import { BusHealth } from '@steward/messaging';
import { sql } from 'kysely';
import { HealthIndicator, type HealthReport } from './health';

/** The service's own schema can be reached. */
@Injectable()
export class DatabaseHealth extends HealthIndicator {
  readonly name = 'database';
  readonly scope = 'ready';

  constructor(private readonly database: Database) {
    super();
  }

  async check(): Promise<HealthReport> {
    try {
      await sql`select 1`.execute(this.database.kysely);
      return { ok: true };
    } catch {
      return { ok: false, detail: 'PostgreSQL does not answer.' };
    }
  }
}

/** The copy of the policy is fresh. */
@Injectable()
export class PolicyHealth extends HealthIndicator {
  readonly name = 'policy';
  readonly scope = 'ready';

  constructor(private readonly policy: PolicyCache) {
    super();
  }

  check(): HealthReport {
    const { staleForMs } = this.policy;
    if (staleForMs <= STALE_AFTER_MS) return { ok: true };
    const age = Number.isFinite(staleForMs) ? `for ${Math.round(staleForMs / 1000)} s` : 'yet';
    return { ok: false, detail: `Nothing heard from governance ${age}.` };
  }
}

/** Events can be sent and handled. */
@Injectable()
export class BusReadiness extends HealthIndicator {
  readonly name = 'bus';
  readonly scope = 'ready';

  constructor(private readonly bus: BusHealth) {
    super();
  }

  check(): HealthReport {
    const { ready, faults, alarms } = this.bus.report();
    return told(ready, [...faults, ...alarms]);
  }
}

/** The event bus makes progress. */
@Injectable()
export class BusLiveness extends HealthIndicator {
  readonly name = 'bus';
  readonly scope = 'live';

  constructor(private readonly bus: BusHealth) {
    super();
  }

  check(): HealthReport {
    const { live, faults } = this.bus.report();
    return told(live, faults);
  }
}

function told(ok: boolean, faults: readonly string[]): HealthReport {
  return faults.length > 0 ? { ok, detail: faults.join(' ') } : { ok };
}

/** The process makes progress: what must turn every 250 ms has turned lately. */
@Injectable()
export class ProgressHealth extends HealthIndicator {
  readonly name = 'progress';
  readonly scope = 'live';

  constructor(private readonly policy: PolicyCache) {
    super();
  }

  check(): HealthReport {
    // Statements are cancelled after 60 s at the latest, so a poller that is silent for longer hangs for good.
    const { idleForMs } = this.policy;
    return idleForMs < 90_000
      ? { ok: true }
      : { ok: false, detail: `The policy poller stands still for ${Math.round(idleForMs / 1000)} s.` };
  }
}
