import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { ConfirmRetentionRun } from './confirm-retention-run';
import { ReadRetentionReports } from './read-retention-reports';
import type { CountedPart, RetentionRun } from './retention-run';
import { RetentionPolicyRepository, RetentionRunRepository } from './retention.repository';

/** Every service has counted: the run waits for a second person, goes on where the policy says so, or has nothing to do. */
@Injectable()
export class EndRetentionCount {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly policies: RetentionPolicyRepository,
    private readonly runs: RetentionRunRepository,
    private readonly reports: ReadRetentionReports,
    private readonly confirm: ConfirmRetentionRun,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async execute({ id, project }: RetentionRun): Promise<void> {
    const counts = (await this.reports.execute(id, 'count')).flatMap(({ report }) =>
      report.parts.map(({ class: each, store, name, items, oldest }): CountedPart => ({
        service: report.service,
        class: each,
        store,
        name,
        items,
        oldest,
      })),
    );
    await this.database.transaction(async (unit) => {
      await this.policies.lock(unit, project);
      const run = await this.runs.lock(unit, id);
      if (run?.state !== 'counting') return;
      const now = this.clock.iso();
      const caller = callerOfService('governance', run.correlation, project);
      const items = counts.reduce((sum, part) => sum + part.items, 0);
      const counted = { counts, countedAt: now };
      await this.runs.change(
        unit,
        id,
        items > 0
          ? { ...counted, state: 'counted' }
          : { ...counted, state: 'empty', endedAt: now, endedBy: 'governance' },
      );
      this.audit.record(unit, caller, {
        action: 'retention-run.count',
        object: { kind: 'retention-run', id },
        project,
        details: { items },
      });
      if (items === 0 || !run.unattended) return;
      // The policy may have changed since: then it waits for a person like any other.
      const { policy } = await this.policies.policy(project, unit);
      const allowed = counts.every((part) => (policy.unattended as readonly string[]).includes(part.class));
      if (allowed) await this.confirm.release(unit, caller, { ...run, ...counted, state: 'counted' });
    });
  }
}
