import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import type { ColumnClass } from '@steward/contracts';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { ReadContracts } from '../contracts/read-contracts';
import type { IngestionTables } from '../ingestion-tables';
import { PredictionRowRepository } from './prediction-row.repository';

/** What a model may decide by, and nothing else: identifiers and sensitive columns are withheld, whoever asks. */
const SHOWN: readonly ColumnClass[] = ['feature', 'time'];

/** The inputs of one row of a prediction, for who has to judge its decision. */
export interface PredictionInputs {
  readonly dataset: string;
  readonly inputs: readonly { readonly column: string; readonly value: string | null }[];
  /** Columns that the row has too, and that nobody is shown here. */
  readonly withheld: readonly string[];
}

/** Shows the inputs of a prediction while ingestion keeps them, as far as the contract's classes permit; each look is audited. */
@Injectable()
export class ShowPredictionRow {
  constructor(
    private readonly rows: PredictionRowRepository,
    private readonly contracts: ReadContracts,
    private readonly database: Database<IngestionTables>,
    private readonly audit: AuditTrail,
  ) {}

  /** Throws INGESTION.PREDICTION_NOT_HELD. */
  async execute(
    caller: Caller,
    project: string,
    predictionId: string,
    row: number,
  ): Promise<PredictionInputs> {
    const held = await this.rows.find(project, predictionId, row);
    if (!held)
      throw errors.notFound(
        'INGESTION.PREDICTION_NOT_HELD',
        'The inputs of this row are not kept here: it is unknown, its time is over, it became part of a dataset version, or it was erased.',
      );
    const { contract } = await this.contracts.current(project, held.dataset);
    const present = contract.columns.filter(({ name }) => name in held.fields);
    const permitted = present.filter((column) => SHOWN.includes(column.class));
    await this.database.transaction(async (unit) => {
      this.audit.record(unit, caller, {
        action: 'prediction.read',
        object: { kind: 'prediction', id: predictionId },
        project,
        details: { row, dataset: held.dataset, columns: permitted.length, subject: held.subject },
      });
    });
    return {
      dataset: held.dataset,
      inputs: permitted.map(({ name }) => ({ column: name, value: held.fields[name] ?? null })),
      withheld: present.filter((column) => !SHOWN.includes(column.class)).map(({ name }) => name),
    };
  }
}
