import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { BreachScoped } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import type { Breach, BreachScope } from './breach';
import { BreachRepository } from './breach.repository';

/** What people know of a breach when they open it. */
export interface BreachReport extends BreachScope {
  readonly summary: string;
  readonly awareAt: string;
}

/** Opens a breach: the clock runs from when people became aware of it, and ingestion is asked what may be exposed. */
@Injectable()
export class OpenBreach {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly breaches: BreachRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async open(caller: Caller, project: string, report: BreachReport): Promise<Breach> {
    const breach = await this.breachOf(caller, project, report);
    const { id, scope, correlation } = breach;
    const { from, to, principals: callers, dataset } = scope;
    await this.database.transaction(async (unit) => {
      await this.breaches.add(unit, breach);
      this.outbox.publish(unit, BreachScoped, {
        subject: id,
        project,
        correlation,
        actor: caller.principal.id,
        payload: { breachId: id, from, to, callers: [...callers], dataset },
      });
      this.audit.record(unit, caller, {
        action: 'breach.open',
        object: { kind: 'breach', id },
        project,
        reason: report.summary,
        details: { awareAt: breach.awareAt, from, to, dataset, accounts: callers.length },
      });
    });
    return breach;
  }

  private async breachOf(caller: Caller, project: string, report: BreachReport): Promise<Breach> {
    const { summary, awareAt, from, to, keys, dataset } = report;
    const now = this.clock.now();
    if (Date.parse(from) >= Date.parse(to) || Date.parse(awareAt) > now)
      throw errors.invalid(
        'GOVERNANCE.BAD_BREACH_TIME',
        'A breach begins before it ends, and nobody is aware of it in the future.',
      );
    const holders = await this.breaches.holders(keys);
    if (holders.length < new Set(keys).size)
      throw errors.invalid('GOVERNANCE.KEY_UNKNOWN', 'There is no such API key. Give the ids of keys.');
    const principals = [...new Set([...report.principals, ...holders])].sort();
    const utc = (time: string): string => new Date(time).toISOString();
    return {
      id: newId(now),
      project,
      summary,
      scope: { from: utc(from), to: utc(to), principals, keys: [...new Set(keys)], dataset },
      awareAt: utc(awareAt),
      openedBy: caller.principal.id,
      openedAt: this.clock.iso(),
      exposure: null,
      state: 'open',
      endedBy: null,
      endedAt: null,
      endReason: null,
      correlation: caller.correlation,
    };
  }
}
