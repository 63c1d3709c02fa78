import type { ContractColumn, DatasetContract } from '@steward/contracts';
import { errors } from '@steward/kernel';
import { allowedValues, columnValue, type CellValue } from '../batches/column-values';
import { normaliseIdentifier, subjectColumn } from '../subjects/subject-identity';

/** A column's right value, as a CSV file would have it; null is missing. */
export interface Correction {
  readonly column: string;
  readonly value: string | null;
}

export interface CheckedCorrection {
  readonly column: ContractColumn;
  readonly value: CellValue;
}

/**
 * Checks corrections by the contract, as rows of an upload are. Values are not echoed. Throws
 * INGESTION.RECTIFICATION_INVALID, and INGESTION.RECTIFY_IDENTITY for what names the subject: another identifier is
 * another person to the system.
 */
export function checkCorrections(
  contract: DatasetContract,
  corrections: readonly Correction[],
): CheckedCorrection[] {
  const whose = subjectColumn(contract);
  const seen = new Set<string>();
  return corrections.map(({ column: name, value }) => {
    const column = contract.columns.find((each) => each.name === name);
    if (!column || seen.has(name))
      throw invalid(name, column ? 'is corrected twice' : 'is no column of the dataset');
    seen.add(name);
    if (column === whose || contract.key.includes(name))
      throw errors.invalid(
        'INGESTION.RECTIFY_IDENTITY',
        `Column "${name}" names the subject or its row; it is not corrected but erased and sent anew.`,
        { details: { column: name } },
      );
    const result = columnValue(column, value, allowedValues(contract, column));
    if ('rule' in result) throw invalid(name, `breaks the rule ${result.rule}`);
    if (column.class !== 'identifier' || typeof result.value !== 'string')
      return { column, value: result.value };
    return { column, value: normaliseIdentifier(column, result.value) };
  });
}

const invalid = (column: string, what: string): Error =>
  errors.invalid('INGESTION.RECTIFICATION_INVALID', `The correction of "${column}" ${what}.`, {
    details: { column },
  });
