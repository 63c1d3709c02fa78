import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { DeltaTables, SystemColumns } from '@steward/delta';
import { errors } from '@steward/kernel';
import { SubjectTasks } from '@steward/subjects';
import type { ContractVersion } from '../contracts/contract.repository';
import type { BatchSource, IngestionTables } from '../ingestion-tables';
import { appIdOf, deltaPathOf, encodeNote, type BatchRecord, type CommitNote } from './batch-record';
import { BatchSettlement } from './batch-settlement';
import { BatchTable, tableSchema, type TableOf } from './batch-table';
import { BatchRepository, type StoredBatch } from './batch.repository';
import type { CheckedBatch } from './checked-batch';
import { RecordVersion } from './record-version';
import { RepairVersions } from './repair-versions';
import { versionDigest } from './row-digest';

type Unit = UnitOfWork<IngestionTables>;

export interface BatchToCommit {
  readonly id: string;
  readonly contract: ContractVersion;
  readonly digest: string;
  readonly source: BatchSource;
  readonly checked: CheckedBatch;
}

/** Makes a checked batch the next version of its dataset, once. */
@Injectable()
export class CommitBatch {
  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly batches: BatchRepository,
    private readonly batchTable: BatchTable,
    private readonly tables: DeltaTables,
    private readonly repair: RepairVersions,
    private readonly recordVersion: RecordVersion,
    private readonly settlement: BatchSettlement,
    private readonly subjects: SubjectTasks,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * The batch as it stands: this one, or the one that was there first (another id). Committers of one dataset wait for
   * each other. The transaction may be tried again: repair then finds the commit that the first try made.
   */
  async execute(caller: Caller, commit: BatchToCommit): Promise<StoredBatch> {
    const { id, contract, checked } = commit;
    const { project, dataset } = contract;
    const table = await this.batchTable.make(project, contract.contract, commit, checked.accepted);
    await this.database.transaction(async (unit) => {
      await this.batches.lockDataset(unit, project, dataset);
      await this.repair.dataset(unit, project, dataset);
      if (await this.existing(unit, commit)) return;
      if (checked.accepted.length === 0) await this.recordEmpty(unit, caller, commit);
      else await this.append(unit, caller, commit, table);
    });
    const stored = (await this.batches.batchById(id)) ?? (await this.batches.uploadOf(recordOf(commit)));
    if (!stored) throw new Error(`Batch ${id} was committed and is not there.`);
    return stored;
  }

  private existing(unit: Unit, commit: BatchToCommit): Promise<StoredBatch | null> {
    return commit.source === 'upload'
      ? this.batches.uploadOf(recordOf(commit), unit)
      : this.batches.batchById(commit.id, unit);
  }

  private async append(unit: Unit, caller: Caller, commit: BatchToCommit, table: TableOf): Promise<void> {
    const { contract } = commit;
    const { project, dataset } = contract;
    const note = await this.noteOf(unit, caller, commit);
    const { version } = note.version;
    const rows = table(version);
    await this.requireNobodyErased(unit, rows.columns[SystemColumns.subject] ?? []);
    const appended = await this.tables.append(deltaPathOf(project, dataset), {
      schema: tableSchema(contract.contract),
      rows,
      appId: appIdOf(project, dataset),
      txnVersion: version,
      info: encodeNote(note),
    });
    await this.recordVersion.execute(unit, note, appended.version, caller.address);
  }

  /**
   * Under the dataset's lock: an erasure marks its subject first and then waits for this lock, so that either it finds
   * these rows or they find its mark.
   */
  private async requireNobodyErased(unit: Unit, subjects: readonly unknown[]): Promise<void> {
    const named = subjects.filter((subject): subject is string => typeof subject === 'string');
    if ((await this.subjects.erased(named, unit)).size === 0) return;
    throw errors.conflict(
      'INGESTION.SUBJECT_GONE',
      'A data subject was erased meanwhile. Send the batch again.',
      { retriable: true },
    );
  }

  private async noteOf(unit: Unit, caller: Caller, commit: BatchToCommit): Promise<CommitNote> {
    const batch = recordOf(commit);
    const newest = await this.batches.newestVersion(unit, batch.project, batch.dataset);
    const before = await this.batches.contents(unit, batch.project, batch.dataset);
    return {
      batch,
      version: {
        version: (newest?.version ?? 0) + 1,
        digest: versionDigest([...before, batch]),
        rows: (newest?.rows ?? 0) + batch.accepted,
        labelledRows: (newest?.labelledRows ?? 0) + (batch.source === 'labelled' ? batch.accepted : 0),
      },
      cause: {
        actor: caller.principal.id,
        actorKind: caller.principal.kind,
        correlation: caller.correlation,
      },
    };
  }

  /** A batch of which nothing was accepted is known, and makes no version. */
  private async recordEmpty(unit: Unit, caller: Caller, commit: BatchToCommit): Promise<void> {
    const batch = recordOf(commit);
    await this.batches.insertBatch(unit, batch, null);
    await this.settlement.settle(unit, batch.id);
    this.audit.record(unit, caller, {
      action: 'batch.quarantine',
      object: { kind: 'batch', id: batch.id },
      project: batch.project,
      details: { dataset: batch.dataset, batchDigest: batch.digest, source: batch.source, read: batch.read },
    });
  }
}

function recordOf({ id, contract, digest, source, checked }: BatchToCommit): BatchRecord {
  return {
    id,
    project: contract.project,
    dataset: contract.dataset,
    contractVersion: contract.version,
    contractDigest: contract.digest,
    digest,
    contentDigest: checked.contentDigest,
    source,
    read: checked.read,
    accepted: checked.accepted.length,
    quarantined: checked.quarantined,
    byRule: checked.byRule,
  };
}
