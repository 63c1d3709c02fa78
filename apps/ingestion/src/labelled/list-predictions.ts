import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import type { ColumnClass, ContractColumn } from '@steward/contracts';
import { Database } from '@steward/database';
import { ReadContracts } from '../contracts/read-contracts';
import type { IngestionTables } from '../ingestion-tables';
import { noteSubjectRead } from './note-subject-read';
import { PredictionRights, shownColumns } from './prediction-rights';
import {
  PredictionRowRepository,
  type ListedPrediction,
  type PredictionPosition,
  type PredictionSearch,
} from './prediction-row.repository';

/** One row of the list. What the caller's rules keep from him is null, or named in `withheld`. */
export interface PredictionItem {
  readonly prediction: string;
  readonly row: number;
  readonly model: string;
  readonly version: number;
  readonly predictedAt: string;
  readonly score: number | null;
  readonly decided: string | null;
  readonly outcome: string | null;
  readonly subject: string | null;
  /** Null: they are in a dataset version now, as part of this batch. */
  readonly inputs: readonly { readonly column: string; readonly value: string | null }[] | null;
  readonly withheld: readonly string[];
  readonly batch: string | null;
}

export interface PredictionPage {
  /** May be fewer than asked for, and none, where the caller may not see all: what counts is `next`. */
  readonly items: readonly PredictionItem[];
  readonly next: PredictionPosition | null;
}

/** Lists a dataset's predictions as far as the caller's rules let him see them; whose rows he saw is audited. */
@Injectable()
export class ListPredictions {
  constructor(
    private readonly rows: PredictionRowRepository,
    private readonly contracts: ReadContracts,
    private readonly rights: PredictionRights,
    private readonly database: Database<IngestionTables>,
    private readonly audit: AuditTrail,
  ) {}

  /** Throws INGESTION.DATASET_NOT_FOUND. */
  async execute(caller: Caller, search: PredictionSearch): Promise<PredictionPage> {
    const { project, dataset } = search;
    const { contract } = await this.contracts.current(project, dataset);
    const found = await this.rows.list(search);
    const classes = new Map<string, ReadonlySet<ColumnClass>>();
    const seen = found.filter(({ decision: { model } }) => {
      if (!classes.has(model)) classes.set(model, this.rights.classes(caller, { project, dataset, model }));
      return classes.get(model)!.size > 0;
    });
    const items = seen.map((row) => itemOf(contract.columns, row, classes.get(row.decision.model)!));
    if (items.length > 0) await this.note(caller, search, seen, items);
    const last = found.length === search.limit ? found.at(-1) : undefined;
    return {
      items,
      next: last ? [Date.parse(last.decision.predictedAt), last.predictionId, last.row] : null,
    };
  }

  /** One entry for the page, and one for each subject of whom a row was shown. */
  private async note(
    caller: Caller,
    { project, dataset }: PredictionSearch,
    seen: readonly ListedPrediction[],
    items: readonly PredictionItem[],
  ): Promise<void> {
    const rowsOf = new Map<string, number>();
    for (const { subject } of seen) if (subject !== null) rowsOf.set(subject, (rowsOf.get(subject) ?? 0) + 1);
    const columns = new Set(items.flatMap(({ inputs }) => inputs ?? []).map(({ column }) => column)).size;
    await this.database.transaction(async (unit) => {
      this.audit.record(unit, caller, {
        action: 'prediction.list',
        object: { kind: 'dataset', id: dataset },
        project,
        details: { rows: items.length, subjects: rowsOf.size, columns },
      });
      for (const [subject, rows] of rowsOf)
        noteSubjectRead(this.audit, unit, caller, { project, dataset, subject, rows });
      return Promise.resolve();
    });
  }
}

function itemOf(
  columns: readonly ContractColumn[],
  { predictionId, row, decision, fields, batchId, subject, label }: ListedPrediction,
  classes: ReadonlySet<ColumnClass>,
): PredictionItem {
  const { inputs, withheld } = shownColumns(columns, fields ?? {}, classes);
  const results = classes.has('label');
  return {
    prediction: predictionId,
    row,
    model: decision.model,
    version: decision.modelVersion,
    predictedAt: decision.predictedAt,
    score: results ? decision.score : null,
    decided: results ? decision.decided : null,
    outcome: results ? label : null,
    subject: classes.has('identifier') ? subject : null,
    inputs: fields === null ? null : inputs,
    withheld,
    batch: batchId,
  };
}
