import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@steward/access';
import { ColumnClasses, type ColumnClass, type ContractColumn } from '@steward/contracts';
import type { FieldTexts } from '../ingestion-tables';

/** Nobody is shown these row by row, whatever a role says: sensitive columns are read as aggregates alone. */
const NEVER: readonly ColumnClass[] = ['identifier', 'sensitive'];

/** A prediction, as rules speak of it. */
export interface PredictionPlace {
  readonly project: string;
  readonly dataset: string;
  readonly model: string | null;
}

/** What of a row may be shown: what models decide by, and what the caller's rules say of each class of columns. */
@Injectable()
export class PredictionRights {
  constructor(private readonly access: Access) {}

  /** The classes that the caller may read of such predictions (condition `dataClass`); empty: none of it. */
  classes({ principal }: Caller, { project, dataset, model }: PredictionPlace): ReadonlySet<ColumnClass> {
    const known = { project, dataset, ...(model === null ? {} : { model }) };
    return new Set(
      ColumnClasses.filter((dataClass) =>
        this.access.can(principal, 'read', 'Prediction', { ...known, dataClass }),
      ),
    );
  }
}

/** A row's columns in the contract's order: those that may be shown with their values, the others by name. */
export function shownColumns(
  columns: readonly ContractColumn[],
  fields: FieldTexts,
  classes: ReadonlySet<ColumnClass>,
): { inputs: { column: string; value: string | null }[]; withheld: string[] } {
  const present = columns.filter(({ name }) => Object.hasOwn(fields, name));
  const open = ({ class: dataClass }: ContractColumn) => classes.has(dataClass) && !NEVER.includes(dataClass);
  return {
    inputs: present.filter(open).map(({ name }) => ({ column: name, value: fields[name] ?? null })),
    withheld: present.filter((column) => !open(column)).map(({ name }) => name),
  };
}
