import { Injectable } from '@nestjs/common';
import { AuditTrail, callerFromEvent } from '@steward/access';
import { ArtifactStore } from '@steward/artifacts';
import { LogKey, signDocument } from '@steward/audit-log';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import type { RetentionReport } from '@steward/subjects';
import type { GovernanceTables } from '../governance-tables';
import { ReadRetentionReports } from './read-retention-reports';
import type { RetentionRun } from './retention-run';
import { RetentionRunRepository } from './retention.repository';

export const EVIDENCE_KIND = 'steward-retention-evidence/1';

/** What was deleted where, by whose word. No personal data. */
export interface RetentionEvidence {
  readonly format: typeof EVIDENCE_KIND;
  readonly runId: string;
  readonly project: string;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly policyVersion: number;
  readonly confirmedBy: string | null;
  readonly confirmedAt: string | null;
  readonly completedAt: string;
  readonly orders: RetentionRun['orders'];
  /** What legal holds stopped. */
  readonly held: RetentionRun['held'];
  readonly counted: RetentionRun['counts'];
  readonly services: readonly {
    readonly service: string;
    readonly completedAt: string;
    /** The service's own report, an artifact. */
    readonly reportDigest: string;
    readonly deleted: RetentionReport['parts'];
    readonly held: RetentionReport['held'];
  }[];
}

/** Every service has deleted its part: the run ends with signed evidence, once. */
@Injectable()
export class EndRetentionDeletion {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly runs: RetentionRunRepository,
    private readonly reports: ReadRetentionReports,
    private readonly artifacts: ArtifactStore,
    private readonly key: LogKey,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async execute({ id, project }: RetentionRun): Promise<void> {
    const reports = await this.reports.execute(id, 'delete');
    await this.database.transaction(async (unit) => {
      const run = await this.runs.lock(unit, id);
      if (run?.state !== 'deleting') return;
      const completedAt = this.clock.iso();
      const signed = signDocument(EVIDENCE_KIND, evidenceOf(run, reports, completedAt), this.key);
      const { digest: evidence } = await this.artifacts.put(Buffer.from(JSON.stringify(signed)));
      const deletedItems = reports.reduce(
        (sum, { report }) => sum + report.parts.reduce((items, part) => items + part.items, 0),
        0,
      );
      await this.runs.change(unit, id, {
        state: 'done',
        deletedItems,
        evidence,
        endedBy: 'governance',
        endedAt: completedAt,
      });
      const { correlation } = run;
      this.audit.record(
        unit,
        callerFromEvent({ actor: run.confirmedBy ?? 'governance', correlation, project }),
        {
          action: 'retention-run.finish',
          object: { kind: 'retention-run', id },
          project,
          details: { items: deletedItems, evidence, evidenceDigest: signed.digest },
        },
      );
    });
  }
}

function evidenceOf(
  run: RetentionRun,
  reports: readonly { readonly report: RetentionReport; readonly digest: string }[],
  completedAt: string,
): RetentionEvidence {
  return {
    format: EVIDENCE_KIND,
    runId: run.id,
    project: run.project,
    openedBy: run.openedBy,
    openedAt: run.openedAt,
    policyVersion: run.policyVersion,
    confirmedBy: run.confirmedBy,
    confirmedAt: run.confirmedAt,
    completedAt,
    orders: run.orders,
    held: run.held,
    counted: run.counts,
    services: reports.map(({ report, digest }) => ({
      service: report.service,
      completedAt: report.completedAt,
      reportDigest: digest,
      deleted: report.parts,
      held: report.held,
    })),
  };
}
