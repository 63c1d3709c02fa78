import { Injectable, Logger } from '@nestjs/common';
import type { DatasetContract } from '@steward/contracts';
import { IngestionLimits } from '../ingestion-limits';
import { BatchFiles } from './batch-files';
import type { AcceptedRow, CheckedBatch } from './checked-batch';
import {
  CleanCsvReader,
  TolerantCsvReader,
  type CsvRecord,
  type CsvReader,
  type CsvSurvey,
  type OpenCsv,
} from './csv-reader';
import { QuarantineWriter } from './quarantine-writer';
import { ContentDigest, RowDigester } from './row-digest';
import { RowChecker } from './row-checker';
import { normaliseIdentifier, subjectColumn } from '../subjects/subject-identity';
import { SubjectVault } from '../subjects/subject-vault';
import { surveyCsv } from './survey-csv';

/** Reads and judges every record of a staged CSV file: accepted rows come back, refused ones go to quarantine. */
@Injectable()
export class CheckCsv {
  private readonly logger = new Logger(CheckCsv.name);

  constructor(
    private readonly files: BatchFiles,
    private readonly clean: CleanCsvReader,
    private readonly tolerant: TolerantCsvReader,
    private readonly limits: IngestionLimits,
    private readonly vault: SubjectVault,
  ) {}

  /** Throws what `surveyCsv` throws. */
  async execute(batchId: string, project: string, contract: DatasetContract): Promise<CheckedBatch> {
    const whose = await this.subjectDigest(project, contract);
    const open: OpenCsv = () => this.files.upload(batchId);
    const survey = await surveyCsv(open, contract, this.limits);
    if (!survey.clean || !this.clean.free)
      return this.checkWith(this.tolerant, batchId, contract, open, survey, whose);
    try {
      return await this.checkWith(this.clean, batchId, contract, open, survey, whose);
    } catch (error) {
      // Nothing was committed. What the fast reader cannot do, the other one can, with the same rows.
      this.logger.warn(
        { err: error, batchId },
        'The clean-file reader failed; reading the file with the other one.',
      );
      return this.checkWith(this.tolerant, batchId, contract, open, survey, whose);
    }
  }

  private async subjectDigest(project: string, contract: DatasetContract): Promise<SubjectDigest> {
    const column = subjectColumn(contract);
    if (!column) return () => null;
    const at = contract.columns.indexOf(column);
    const digest = await this.vault.digester(project, column.name);
    return (fields) => {
      const normalised = normaliseIdentifier(column, fields[at] ?? '');
      return normalised === '' ? null : digest(normalised);
    };
  }

  private async checkWith(
    reader: CsvReader,
    batchId: string,
    contract: DatasetContract,
    open: OpenCsv,
    survey: CsvSurvey,
    whose: SubjectDigest,
  ): Promise<CheckedBatch> {
    const positions = contract.columns.map((column) => survey.header.indexOf(column.name));
    const checker = new RowChecker(contract);
    const digester = new RowDigester(contract);
    const content = new ContentDigest();
    const quarantine = new QuarantineWriter(this.files, batchId);
    const accepted: AcceptedRow[] = [];
    let read = 0;
    for await (const records of reader.read(open, survey)) {
      for (const record of records) {
        read += 1;
        const values = await this.judge(record, positions, checker, quarantine, whose);
        if (!values) continue;
        content.add(digester.digest(values));
        accepted.push({
          row: record.row,
          rowKey: String(record.row),
          values,
          subject: null,
          prediction: null,
        });
      }
    }
    await quarantine.flush();
    requireAll(survey.records, read);
    const { counts } = quarantine;
    return {
      read,
      accepted,
      quarantined: counts.total,
      byRule: counts.byRule(),
      contentDigest: content.finish(),
    };
  }

  private async judge(
    record: CsvRecord,
    positions: readonly number[],
    checker: RowChecker,
    quarantine: QuarantineWriter,
    whose: SubjectDigest,
  ): Promise<AcceptedRow['values'] | null> {
    const { row, line } = record;
    if ('rule' in record) {
      await quarantine.add({ row, line, column: null, rule: record.rule, value: record.shown });
      return null;
    }
    const fields = positions.map((at) => record.fields[at] ?? null);
    const result = checker.check(fields);
    if ('values' in result) return result.values;
    const subject = whose(fields);
    await quarantine.add({ row, line, ...result, ...(subject === null ? {} : { subject }) });
    return null;
  }
}

/** By what erasure finds a refused record again: the HMAC of its identifier; null where it names nobody. */
type SubjectDigest = (fields: readonly (string | null)[]) => string | null;

/** Both passes must have seen the same records: a batch whose sum is wrong is never committed. */
function requireAll(surveyed: number, read: number): void {
  if (surveyed !== read) throw new Error(`The first pass found ${surveyed} records, the second ${read}.`);
}
