import type { ContractColumn, DatasetContract } from '@steward/contracts';
import { createHash } from 'node:crypto';
import { normaliseIdentifier } from '../subjects/subject-identity';
import {
  allowedValues,
  columnValue,
  type CellValue,
  type ValueResult,
  type ValueRule,
} from './column-values';

/** All rules by which a record can be refused: those of its bytes, of its values, and of the batch. */
export type RowRule = 'quote' | 'encoding' | 'fields' | 'rowLength' | ValueRule | 'key';

export type RowResult =
  | { readonly values: readonly CellValue[] }
  | { readonly rule: RowRule; readonly column: string | null; readonly value: string | null };

/** Longest value that quarantine shows. */
const SHOWN = 200;
const MASK = '***';

/** A value as quarantine may show it: never an identifier's, never without end. */
export function shownValue(column: ContractColumn, text: string | null): string | null {
  if (text === null) return null;
  return column.class === 'identifier' ? MASK : text.slice(0, SHOWN);
}

/**
 * Checks the rows of one batch against a contract, in order: each value by its column, then the key, which the first
 * accepted row of the batch holds. A row is refused by the first rule that it breaks.
 */
export class RowChecker {
  private readonly allowed: (ReadonlySet<string> | null)[];
  private readonly keyColumns: number[];
  private readonly keys = new Set<string>();

  constructor(private readonly contract: DatasetContract) {
    this.allowed = contract.columns.map((column) => allowedValues(contract, column));
    this.keyColumns = contract.key.map((name) =>
      contract.columns.findIndex((column) => column.name === name),
    );
  }

  /**
   * @param fields texts in the order of the contract's columns; null is missing
   * @param subject for labelled rows, what stands in place of the identifiers, which are not looked at then
   */
  check(fields: readonly (string | null)[], subject?: string): RowResult {
    const values: CellValue[] = [];
    for (const [at, column] of this.contract.columns.entries()) {
      if (subject !== undefined && column.class === 'identifier') {
        values.push(null);
        continue;
      }
      const text = fields[at] ?? null;
      const result = this.valueOf(column, text, this.allowed[at] ?? null);
      if ('rule' in result)
        return { rule: result.rule, column: column.name, value: shownValue(column, text) };
      values.push(result.value);
    }
    if (this.keyColumns.length > 0 && !this.claimKey(values, subject)) return this.keyRefused(values);
    return { values };
  }

  /** An identifier of which nothing is left when it is normalised is missing. */
  private valueOf(
    column: ContractColumn,
    text: string | null,
    allowed: ReadonlySet<string> | null,
  ): ValueResult {
    const result = columnValue(column, text, allowed);
    if (column.class !== 'identifier' || 'rule' in result || typeof result.value !== 'string') return result;
    const normalised = normaliseIdentifier(column, result.value);
    if (normalised !== '') return { value: normalised };
    return column.nullable ? { value: null } : { rule: 'nullability' };
  }

  /** Keys are kept as digests: a batch may have millions. */
  private claimKey(values: readonly CellValue[], subject: string | undefined): boolean {
    const parts = this.keyColumns.map((at) =>
      subject !== undefined && this.contract.columns[at]?.class === 'identifier' ? subject : values[at],
    );
    const key = createHash('sha256').update(JSON.stringify(parts)).digest('base64').slice(0, 24);
    if (this.keys.has(key)) return false;
    this.keys.add(key);
    return true;
  }

  private keyRefused(values: readonly CellValue[]): RowResult {
    const shown = this.keyColumns.map((at) => {
      const value = values[at];
      return shownValue(this.contract.columns[at]!, value === null ? null : String(value)) ?? '';
    });
    return { rule: 'key', column: this.contract.key.join(','), value: shown.join(',') };
  }
}
