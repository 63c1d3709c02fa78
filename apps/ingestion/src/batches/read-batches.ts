import { Injectable } from '@nestjs/common';
import { ObjectStore } from '@steward/artifacts';
import { errors } from '@steward/kernel';
import { ReadContracts } from '../contracts/read-contracts';
import { BatchFiles, QUARANTINE_CHUNK, type QuarantinedRow } from './batch-files';
import { BatchRepository, type Page, type StoredBatch, type StoredVersion } from './batch.repository';

/** A dataset version, and where clients of other systems (delta-rs, Spark, DuckDB) find its table. */
export type VersionView = StoredVersion & { readonly deltaUrl: string };

/** Reads dataset versions, batches and their quarantine. */
@Injectable()
export class ReadBatches {
  constructor(
    private readonly batches: BatchRepository,
    private readonly files: BatchFiles,
    private readonly contracts: ReadContracts,
    private readonly objects: ObjectStore,
  ) {}

  /** Newest first. Throws INGESTION.DATASET_NOT_FOUND. */
  async versions(project: string, dataset: string, page: Page): Promise<VersionView[]> {
    await this.contracts.current(project, dataset);
    return (await this.batches.versions(project, dataset, page)).map((version) => this.view(version));
  }

  /** Throws INGESTION.VERSION_NOT_FOUND. */
  async version(project: string, dataset: string, version: number): Promise<VersionView> {
    const found = await this.batches.version(project, dataset, version);
    if (found) return this.view(found);
    throw errors.notFound('INGESTION.VERSION_NOT_FOUND', `Dataset "${dataset}" has no version ${version}.`);
  }

  /** Newest first. Throws INGESTION.DATASET_NOT_FOUND. */
  async list(project: string, dataset: string, page: Page): Promise<StoredBatch[]> {
    await this.contracts.current(project, dataset);
    return this.batches.batches(project, dataset, page);
  }

  /** Throws INGESTION.BATCH_NOT_FOUND. */
  async batch(project: string, dataset: string, id: string): Promise<StoredBatch> {
    const found = await this.batches.batchById(id);
    if (found?.project === project && found.dataset === dataset) return found;
    throw errors.notFound('INGESTION.BATCH_NOT_FOUND', `Dataset "${dataset}" has no batch ${id}.`);
  }

  /**
   * `limit` refused rows from position `after` on, in order. Throws INGESTION.BATCH_NOT_FOUND,
   * INGESTION.QUARANTINE_DELETED (its time is over).
   */
  async quarantine(
    batch: StoredBatch,
    page: { limit: number; after: number },
  ): Promise<{ items: QuarantinedRow[]; next: number | null }> {
    const end = Math.min(page.after + page.limit, batch.quarantined);
    const items: QuarantinedRow[] = [];
    for (let at = page.after; at < end;) {
      const chunk = Math.floor(at / QUARANTINE_CHUNK);
      const rows = await this.files.quarantine(batch.id, chunk);
      const from = at - chunk * QUARANTINE_CHUNK;
      items.push(...rows.slice(from, from + end - at).map(shownRow));
      at = (chunk + 1) * QUARANTINE_CHUNK;
    }
    return { items, next: end < batch.quarantined ? end : null };
  }

  private view(version: StoredVersion): VersionView {
    return { ...version, deltaUrl: this.objects.urlOf(version.deltaPath) };
  }

  /** All refused rows of a batch as CSV, a piece at a time. */
  async *quarantineCsv(batch: StoredBatch): AsyncGenerator<string> {
    yield 'row,line,column,rule,value\n';
    for (let chunk = 0; chunk * QUARANTINE_CHUNK < batch.quarantined; chunk += 1) {
      const rows = await this.files.quarantine(batch.id, chunk);
      yield rows.map(csvLine).join('');
    }
  }
}

/** Whose record it was is nobody's business but erasure's. */
const shownRow = ({ subject: _subject, ...row }: QuarantinedRow): QuarantinedRow => row;

function csvLine({ row, line, column, rule, value }: QuarantinedRow): string {
  return `${[row, line, column, rule, value].map(csvField).join(',')}\n`;
}

/** Quoted where needed; a text that a spreadsheet would run as a formula gets an apostrophe in front. */
function csvField(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+@\t\r-]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
