import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { ReadContracts } from '../contracts/read-contracts';
import type { IngestionTables } from '../ingestion-tables';
import { noteSubjectRead } from './note-subject-read';
import { PredictionRights, shownColumns } from './prediction-rights';
import { PredictionRowRepository } from './prediction-row.repository';

/** The inputs of one row of a prediction, for who has to judge its decision. */
export interface PredictionInputs {
  readonly dataset: string;
  readonly inputs: readonly { readonly column: string; readonly value: string | null }[];
  /** Columns that the row has too, and that the caller is not shown. */
  readonly withheld: readonly string[];
}

/**
 * Shows the inputs of a prediction while ingestion keeps them, as far as the classes of its columns and the caller's rules
 * permit; each look is audited.
 */
@Injectable()
export class ShowPredictionRow {
  constructor(
    private readonly rows: PredictionRowRepository,
    private readonly contracts: ReadContracts,
    private readonly rights: PredictionRights,
    private readonly database: Database<IngestionTables>,
    private readonly audit: AuditTrail,
  ) {}

  /** Throws INGESTION.PREDICTION_NOT_HELD, also for a row that the caller may not see. */
  async execute(
    caller: Caller,
    project: string,
    predictionId: string,
    row: number,
  ): Promise<PredictionInputs> {
    const held = await this.rows.find(project, predictionId, row);
    if (!held) throw notHeld();
    const { dataset, model, subject } = held;
    const classes = this.rights.classes(caller, { project, dataset, model });
    if (classes.size === 0) throw notHeld();
    const { contract } = await this.contracts.current(project, dataset);
    const { inputs, withheld } = shownColumns(contract.columns, held.fields, classes);
    await this.database.transaction(async (unit) => {
      this.audit.record(unit, caller, {
        action: 'prediction.read',
        object: { kind: 'prediction', id: predictionId },
        project,
        details: { row, dataset, columns: inputs.length, subject },
      });
      if (subject !== null) noteSubjectRead(this.audit, unit, caller, { project, dataset, subject, rows: 1 });
      return Promise.resolve();
    });
    return { dataset, inputs, withheld };
  }
}

const notHeld = (): Error =>
  errors.notFound(
    'INGESTION.PREDICTION_NOT_HELD',
    'The inputs of this row are not kept here: it is unknown, its time is over, it became part of a dataset version, or it was erased.',
  );
