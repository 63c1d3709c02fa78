import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { DeltaTables, SystemColumns, type DeltaRows } from '@steward/delta';
import { errors, sha256 } from '@steward/kernel';
import { SubjectTasks } from '@steward/subjects';
import { appIdOf, deltaPathOf, encodeNote, type CommitNote } from '../batches/batch-record';
import { BatchRepository, type StoredVersion } from '../batches/batch.repository';
import { RecordVersion } from '../batches/record-version';
import { RepairVersions } from '../batches/repair-versions';
import { ContentDigest, versionDigest } from '../batches/row-digest';
import type { ContractVersion } from '../contracts/contract.repository';
import { ReadContracts } from '../contracts/read-contracts';
import { ReadVersionContent } from '../erasure/read-version-content';
import type { IngestionTables } from '../ingestion-tables';
import { encryptIdentifier, SubjectVault, type ResolvedSubject } from '../subjects/subject-vault';
import { checkCorrections, type CheckedCorrection, type Correction } from './corrections';
import { RectificationRepository } from './rectification.repository';

type Unit = UnitOfWork<IngestionTables>;

export interface RectifyCommand {
  readonly requestId: string;
  readonly pseudonym: string;
  readonly dataset: string;
  readonly corrections: readonly Correction[];
}

/**
 * Corrects a subject's rows of one dataset: the next version holds them, the versions before keep what they held. Once a
 * request: sent again it gives the version that it made.
 */
@Injectable()
export class RectifySubject {
  constructor(
    private readonly database: Database<IngestionTables>,
    private readonly contracts: ReadContracts,
    private readonly vault: SubjectVault,
    private readonly subjects: SubjectTasks,
    private readonly rectifications: RectificationRepository,
    private readonly batches: BatchRepository,
    private readonly repair: RepairVersions,
    private readonly content: ReadVersionContent,
    private readonly tables: DeltaTables,
    private readonly record: RecordVersion,
  ) {}

  /**
   * Throws INGESTION.DATASET_NOT_FOUND, INGESTION.SUBJECT_NOT_FOUND (unknown, erased, or without a row in this dataset),
   * INGESTION.RECTIFICATION_INVALID, INGESTION.RECTIFY_IDENTITY, INGESTION.RECTIFICATION_OTHER.
   */
  async execute(caller: Caller, project: string, command: RectifyCommand): Promise<StoredVersion> {
    const { requestId, pseudonym, dataset } = command;
    const contract = await this.contracts.current(project, dataset);
    const corrections = checkCorrections(contract.contract, command.corrections);
    const subject = await this.vault.open(project, pseudonym);
    if (!subject) throw notFound();
    if (!(await this.rectifications.note({ requestId, project, dataset, pseudonym })))
      throw errors.conflict(
        'INGESTION.RECTIFICATION_OTHER',
        'This request corrected another dataset or subject. Open a request for each.',
      );
    await this.database.transaction(async (unit) => {
      await this.batches.lockDataset(unit, project, dataset);
      await this.repair.dataset(unit, project, dataset);
      if (await this.batches.batchById(requestId, unit)) return;
      if ((await this.subjects.erased([pseudonym], unit)).size > 0) throw notFound();
      await this.commit(unit, caller, contract, subject, { ...command, corrections });
    });
    const made = await this.batches.batchById(requestId);
    const version = made?.version ? await this.batches.version(project, dataset, made.version) : null;
    if (!version) throw new Error('A rectification was committed and is not there.');
    return version;
  }

  private async commit(
    unit: Unit,
    caller: Caller,
    contract: ContractVersion,
    subject: ResolvedSubject,
    command: Omit<RectifyCommand, 'corrections'> & { corrections: readonly CheckedCorrection[] },
  ): Promise<void> {
    const { project, dataset } = contract;
    const path = deltaPathOf(project, dataset);
    const newest = await this.batches.newestVersion(unit, project, dataset);
    if (!newest) throw notFound();
    const edit = editOf(subject, command.corrections);
    const before = await this.tables.read(path, { version: newest.deltaVersion });
    const matching = rowsOf(before, subject.pseudonym);
    if (matching.length === 0) throw notFound();
    const note = await this.noteOf(unit, caller, contract, newest, {
      requestId: command.requestId,
      after: edit(before, matching),
      matching,
    });
    const updated = await this.tables.update(path, {
      match: { column: SystemColumns.subject, value: subject.pseudonym },
      edit,
      appId: appIdOf(project, dataset),
      txnVersion: note.version.version,
      info: encodeNote(note),
    });
    await this.record.execute(unit, note, updated.version, caller.address);
  }

  private async noteOf(
    unit: Unit,
    caller: Caller,
    contract: ContractVersion,
    newest: StoredVersion,
    change: { requestId: string; after: DeltaRows; matching: readonly number[] },
  ): Promise<CommitNote> {
    const { project, dataset } = contract;
    const { requestId, after, matching } = change;
    const numbers = (after.columns[SystemColumns.batch] ?? []).map(Number);
    const touched = [...new Set(matching.map((at) => numbers[at] ?? 0))].sort((left, right) => left - right);
    const batches = await this.batches.contentsUpTo(project, dataset, newest.version);
    const digests = await this.content.digestsOf(project, dataset, after, batches);
    const contents = Object.fromEntries(touched.map((batch) => [String(batch), digests.get(batch) ?? '']));
    const batch = {
      id: requestId,
      project,
      dataset,
      contractVersion: contract.version,
      contractDigest: contract.digest,
      digest: sha256(`steward-rectification/1\n${requestId}\n${JSON.stringify(contents)}\n`),
      // Its rows stay with the batches that brought them.
      contentDigest: new ContentDigest().finish(),
      source: 'rectified' as const,
      read: matching.length,
      accepted: matching.length,
      quarantined: 0,
      byRule: {},
    };
    const corrected = batches.map((each) => ({
      ...each,
      contentDigest: contents[String(each.version)] ?? each.contentDigest,
    }));
    const { principal, correlation } = caller;
    return {
      batch,
      version: {
        version: newest.version + 1,
        digest: versionDigest([...corrected, batch]),
        rows: newest.rows,
        labelledRows: newest.labelledRows,
      },
      rectification: { requestId, firstVersion: touched[0] ?? newest.version, contents },
      cause: { actor: principal.id, actorKind: principal.kind, correlation },
    };
  }
}

function editOf(
  subject: ResolvedSubject,
  corrections: readonly CheckedCorrection[],
): (rows: DeltaRows, matching: readonly number[]) => DeltaRows {
  // Encrypted once: a seal is never the same twice, and the rows are made twice.
  const values = corrections.map(({ column, value }) => ({
    name: column.name,
    value:
      column.class === 'identifier' && typeof value === 'string'
        ? encryptIdentifier(subject, column.name, value)
        : value,
  }));
  return (rows, matching) => {
    const changed = new Set(matching);
    const columns = { ...rows.columns };
    for (const { name, value } of values) {
      const held = columns[name];
      if (held) columns[name] = held.map((before, at) => (changed.has(at) ? value : before));
    }
    return { rows: rows.rows, columns };
  };
}

function rowsOf(rows: DeltaRows, pseudonym: string): number[] {
  return (rows.columns[SystemColumns.subject] ?? []).flatMap((held, at) => (held === pseudonym ? [at] : []));
}

const notFound = (): Error =>
  errors.notFound('INGESTION.SUBJECT_NOT_FOUND', 'There is no such subject with rows in this dataset.');
