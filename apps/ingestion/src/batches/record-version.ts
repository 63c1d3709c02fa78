import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { DatasetVersionCreated, SubjectRectified } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Outbox } from '@steward/messaging';
import { IngestionMetrics } from '../ingestion-metrics';
import type { IngestionTables } from '../ingestion-tables';
import { deltaPathOf, type CommitNote } from './batch-record';
import { BatchSettlement } from './batch-settlement';
import { BatchRepository } from './batch.repository';
import { RectificationRepository } from '../rectification/rectification.repository';

/** Writes down a version that its Delta commit has made a fact: rows, event, audit entry, in one transaction. */
@Injectable()
export class RecordVersion {
  constructor(
    private readonly batches: BatchRepository,
    private readonly settlement: BatchSettlement,
    private readonly rectifications: RectificationRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly metrics: IngestionMetrics,
  ) {}

  async execute(
    unit: UnitOfWork<IngestionTables>,
    note: CommitNote,
    deltaVersion: number,
    address: string | null,
  ): Promise<void> {
    const { batch, version, cause } = note;
    const { project, dataset, contractVersion, contractDigest } = batch;
    const deltaPath = deltaPathOf(project, dataset);
    await this.batches.insertBatch(unit, batch, version.version);
    await this.batches.insertVersion(unit, {
      ...version,
      project,
      dataset,
      contractVersion,
      contractDigest,
      deltaPath,
      deltaVersion,
      batchId: batch.id,
    });
    await this.settlement.settle(unit, batch.id);
    await this.recordRectification(unit, note);
    const { digest, source, read, accepted, quarantined } = batch;
    this.outbox.publish(unit, DatasetVersionCreated, {
      subject: `${project}/${dataset}`,
      project,
      correlation: cause.correlation,
      actor: cause.actor,
      payload: {
        dataset,
        ...version,
        contractVersion,
        contractDigest,
        deltaPath,
        deltaVersion,
        batch: { number: version.version, digest, source, read, accepted, quarantined },
      },
    });
    this.audit.record(unit, callerOf(note, address), {
      action: 'dataset-version.create',
      object: { kind: 'dataset-version', id: `${dataset}/${version.version}` },
      project,
      details: {
        ...version,
        dataset,
        contractVersion,
        batch: batch.id,
        batchDigest: digest,
        source,
        read,
        accepted,
        quarantined,
      },
    });
    unit.afterCommit(() => this.metrics.versionCreated(source));
  }

  /** The corrected batches' content, and the answer to the request that asked for it. */
  private async recordRectification(unit: UnitOfWork<IngestionTables>, note: CommitNote): Promise<void> {
    const { batch, version, cause, rectification } = note;
    if (!rectification) return;
    const { project, dataset } = batch;
    for (const [number, digest] of Object.entries(rectification.contents))
      await this.batches.setContent(unit, project, dataset, Number(number), digest);
    const pseudonym = await this.rectifications.subjectOf(unit, rectification.requestId);
    if (pseudonym === null) return;
    this.outbox.publish(unit, SubjectRectified, {
      subject: `${project}/${pseudonym}`,
      project,
      correlation: cause.correlation,
      actor: cause.actor,
      payload: {
        requestId: rectification.requestId,
        pseudonym,
        dataset,
        firstVersion: rectification.firstVersion,
        version: version.version,
        digest: version.digest,
        rows: batch.accepted,
      },
    });
    this.audit.record(unit, callerOf(note, null), {
      action: 'subject.rectify',
      object: { kind: 'data-subject', id: pseudonym },
      project,
      details: { request: rectification.requestId, dataset, version: version.version, rows: batch.accepted },
    });
  }
}

/** The caller who is at the root of a commit, which repair may have to name after he has gone. */
function callerOf({ batch, cause }: CommitNote, address: string | null): Caller {
  return {
    principal: {
      id: cause.actor,
      kind: cause.actorKind,
      roles: [],
      credential: { kind: 'internal', id: batch.id },
    },
    correlation: cause.correlation,
    project: batch.project,
    address,
  };
}
