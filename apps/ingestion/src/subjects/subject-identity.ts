import type { ContractColumn, DatasetContract } from '@steward/contracts';
import { errors } from '@steward/kernel';
import { createHmac } from 'node:crypto';

type Step = NonNullable<ContractColumn['normalise']>[number];

const STEPS: Readonly<Record<Step, (text: string) => string>> = {
  trim: (text) => text.trim(),
  lowercase: (text) => text.toLowerCase(),
  uppercase: (text) => text.toUpperCase(),
  'digits-only': (text) => text.replace(/\D/g, ''),
  nfkc: (text) => text.normalize('NFKC'),
};

/** An identifier in the one form by which its subject is found: the contract's steps in their order. */
export function normaliseIdentifier(column: Pick<ContractColumn, 'normalise'>, text: string): string {
  return (column.normalise ?? []).reduce((so, step) => STEPS[step](so), text);
}

/** The column that names the data subject: the contract's first identifier; null where a dataset has none. */
export function subjectColumn(contract: DatasetContract): ContractColumn | null {
  return contract.columns.find((column) => column.class === 'identifier') ?? null;
}

/** Throws INGESTION.NO_IDENTIFIER_COLUMN. */
export function requireSubjectColumn(contract: DatasetContract): ContractColumn {
  const column = subjectColumn(contract);
  if (column) return column;
  throw errors.invalid(
    'INGESTION.NO_IDENTIFIER_COLUMN',
    `The contract of "${contract.dataset}" has no identifier column.`,
  );
}

/**
 * By what a subject is found: HMAC-SHA-256, under the project's key, of the column's name and the normalised value. The
 * name is a part of it so that a customer number and an equal account number are two people; datasets of one project
 * share subjects by giving the column the same name.
 */
export function identifierHmac(projectKey: Uint8Array, column: string, normalised: string): string {
  return createHmac('sha256', projectKey).update(`${column}\0${normalised}`).digest('hex');
}
