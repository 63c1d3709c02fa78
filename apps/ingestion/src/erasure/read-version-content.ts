import { Injectable } from '@nestjs/common';
import type { DatasetContract } from '@steward/contracts';
import { DeltaTables, SystemColumns, type DeltaRows } from '@steward/delta';
import { BatchRepository, type StoredVersion } from '../batches/batch.repository';
import { ContentDigest, RowDigester, versionDigest, type BatchContent } from '../batches/row-digest';
import { ContractRepository } from '../contracts/contract.repository';

/** Computes digests from the rows that a table holds, the way they were computed when the rows came. */
@Injectable()
export class ReadVersionContent {
  constructor(
    private readonly tables: DeltaTables,
    private readonly batches: BatchRepository,
    private readonly contracts: ContractRepository,
  ) {}

  /** Content digests by batch, and the version's, from what its table holds now. */
  async of(version: StoredVersion): Promise<{ digest: string; rows: number; byBatch: Map<number, string> }> {
    const { project, dataset } = version;
    const rows = await this.tables.read(version.deltaPath, { version: version.deltaVersion });
    const batches = await this.batches.contentsUpTo(project, dataset, version.version);
    const byBatch = await this.digestsOf(project, dataset, rows, batches);
    const contents = batches.map((batch) => ({
      ...batch,
      contentDigest: byBatch.get(batch.version) ?? EMPTY,
    }));
    return { digest: versionDigest(contents), rows: rows.rows, byBatch };
  }

  /** Content digests by batch number of rows as a table gives them. */
  async digestsOf(
    project: string,
    dataset: string,
    rows: DeltaRows,
    batches: readonly (BatchContent & { version: number })[],
  ): Promise<Map<number, string>> {
    const contracts = new Map(
      (await this.contracts.all(project, dataset)).map(({ version, contract }) => [version, contract]),
    );
    const numbers = (rows.columns[SystemColumns.batch] ?? []).map(Number);
    const places = (rows.columns[SystemColumns.row] ?? []).map(Number);
    const byNumber = new Map<number, number[]>();
    for (const [at, batch] of numbers.entries()) {
      const held = byNumber.get(batch);
      if (held) held.push(at);
      else byNumber.set(batch, [at]);
    }
    const digests = new Map<number, string>();
    for (const { version, contractVersion } of batches) {
      const contract = contracts.get(contractVersion);
      if (!contract) continue;
      const held = (byNumber.get(version) ?? []).sort(
        (left, right) => (places[left] ?? 0) - (places[right] ?? 0),
      );
      digests.set(version, contentDigest(contract, rows, held));
    }
    return digests;
  }
}

const EMPTY = new ContentDigest().finish();

function contentDigest(contract: DatasetContract, rows: DeltaRows, at: readonly number[]): string {
  const digester = new RowDigester(contract);
  const content = new ContentDigest();
  const columns = contract.columns.map(({ name }) => rows.columns[name] ?? []);
  for (const row of at) content.add(digester.digest(columns.map((values) => values[row] ?? null)));
  return content.finish();
}
