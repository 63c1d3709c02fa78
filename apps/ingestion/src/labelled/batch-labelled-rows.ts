import { Injectable } from '@nestjs/common';
import { callerFromEvent } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { SubjectTasks } from '@steward/subjects';
import { BatchFiles } from '../batches/batch-files';
import { CommitBatch } from '../batches/commit-batch';
import { QuarantineWriter } from '../batches/quarantine-writer';
import { ContentDigest, labelledBatchDigest } from '../batches/row-digest';
import { ReadContracts } from '../contracts/read-contracts';
import { IngestionLimits } from '../ingestion-limits';
import { IngestionMetrics } from '../ingestion-metrics';
import type { IngestionTables } from '../ingestion-tables';
import { SubjectVault } from '../subjects/subject-vault';
import { judgeLabelledRows } from './labelled-rows';
import { PredictionRowRepository, type JoinedRow } from './prediction-row.repository';

interface Claim {
  readonly project: string;
  readonly dataset: string;
  readonly batchId: string;
}

/** Most rows of one labelled batch. */
const MOST_ROWS = 50_000;

/**
 * Makes batches of joined rows. Rows are first claimed for a batch id, durably; a claim whose maker died is taken up
 * again under the same id, and committing an id twice makes one version: so each row is in one batch.
 */
@Injectable()
export class BatchLabelledRows {
  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly rows: PredictionRowRepository,
    private readonly contracts: ReadContracts,
    private readonly vault: SubjectVault,
    private readonly subjects: SubjectTasks,
    private readonly files: BatchFiles,
    private readonly commit: CommitBatch,
    private readonly limits: IngestionLimits,
    private readonly metrics: IngestionMetrics,
    private readonly clock: Clock,
  ) {}

  /** Returns how many batches it made. */
  async execute(): Promise<number> {
    const claims: Claim[] = await this.rows.unsettled();
    for (const claim of claims) await this.make(claim);
    const due = await this.rows.due({ rows: this.limits.labelledRows, waitMs: this.limits.labelledWaitMs });
    let made = claims.length;
    for (const { project, dataset } of due) {
      const batchId = newId();
      const claimed = await this.database.transaction((unit) =>
        this.rows.claim(unit, project, dataset, batchId, MOST_ROWS),
      );
      if (claimed === 0) continue;
      await this.make({ project, dataset, batchId });
      made += 1;
    }
    const { unjoined, labelled } = await this.rows.waiting();
    this.metrics.joinWaiting(unjoined, labelled);
    return made;
  }

  private async make({ project, dataset, batchId }: Claim): Promise<void> {
    const contract = await this.contracts.current(project, dataset);
    const claimed = await this.rows.claimed(batchId);
    const oldest = claimed[0];
    if (!oldest) return;
    const named = claimed.flatMap(({ subject }) => (subject === null ? [] : [subject]));
    const known = await this.vault.known(project, named);
    // Asked after the links: one that an erasure has destroyed meanwhile was marked before.
    const erased = await this.subjects.erased(named);
    const joined = claimed.filter(({ subject }) => subject === null || !erased.has(subject));
    const judged = judgeLabelledRows(contract.contract, joined, known);
    const quarantine = new QuarantineWriter(this.files, batchId);
    for (const row of judged.quarantined) await quarantine.add(row);
    await quarantine.flush();
    const content = new ContentDigest();
    for (const digest of judged.digests) content.add(Buffer.from(digest, 'hex'));
    // The chain of causes goes on from the outcome that waited longest.
    const caller = callerFromEvent({ actor: oldest.actor, correlation: oldest.correlation, project });
    const byRule = quarantine.counts.byRule();
    await this.commit.execute(caller, {
      id: batchId,
      contract,
      digest: labelledBatchDigest(judged.digests),
      source: 'labelled',
      checked: {
        read: joined.length,
        accepted: judged.accepted,
        quarantined: judged.quarantined.length,
        byRule,
        contentDigest: content.finish(),
      },
    });
    this.metrics.batchChecked('labelled', judged.accepted.length, byRule);
    this.observe(joined);
  }

  private observe(joined: readonly JoinedRow[]): void {
    for (const { joinedAt } of joined) this.metrics.joined((this.clock.now() - joinedAt.getTime()) / 1000);
  }
}
