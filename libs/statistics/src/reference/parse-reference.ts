import { sha256 } from '@steward/kernel';
import { checkCounts, checkEdges, checkFinite, invalidArgument } from '../arguments/check-arguments';
import {
  REFERENCE_VERSION,
  type CategoricalReferenceColumn,
  type NumericReferenceColumn,
  type ReferenceColumn,
  type ReferenceProfile,
} from './reference-profile';

/**
 * Reads a {@link ReferenceProfile} back from parsed JSON. Checks every field, so that what it returns can be trusted.
 *
 * @throws AppError that names the first field at fault.
 */
export function parseReference(json: unknown): ReferenceProfile {
  const root = recordOf('reference', json);
  if (root.version !== REFERENCE_VERSION) {
    throw invalidArgument('reference.version', root.version, `version ${REFERENCE_VERSION}`);
  }
  const columns = listOf('reference.columns', root.columns).map((column, i) =>
    parseColumn(`reference.columns[${i}]`, column),
  );
  return freezeReference(columns);
}

/** Checks that names are unique and freezes the whole. */
export function freezeReference(columns: readonly ReferenceColumn[]): ReferenceProfile {
  const names = new Set<string>();
  for (const column of columns) {
    if (names.has(column.name)) throw invalidArgument('columns', column.name, 'column names that are unique');
    names.add(column.name);
    Object.freeze(column.counts);
    Object.freeze(column.kind === 'numeric' ? column.edges : column.categories);
    if (column.kind === 'categorical') Object.freeze(column.rare);
    Object.freeze(column);
  }
  return Object.freeze({ version: REFERENCE_VERSION, columns: Object.freeze([...columns]) });
}

/**
 * SHA-256 over the whole reference. Counts that were taken against a reference carry it, so that they can never be
 * judged or merged against another.
 */
export function referenceDigest(reference: ReferenceProfile): string {
  let digest = DIGESTS.get(reference);
  if (digest === undefined) {
    digest = sha256(JSON.stringify(parseReference(reference)));
    DIGESTS.set(reference, digest);
  }
  return digest;
}

const DIGESTS = new WeakMap<ReferenceProfile, string>();

function parseColumn(path: string, json: unknown): ReferenceColumn {
  const column = recordOf(path, json);
  if (column.kind === 'numeric') return parseNumeric(path, column);
  if (column.kind === 'categorical') return parseCategorical(path, column);
  throw invalidArgument(`${path}.kind`, column.kind, "'numeric' or 'categorical'");
}

function parseNumeric(path: string, column: Record<string, unknown>): NumericReferenceColumn {
  const edges = numbersOf(`${path}.edges`, column.edges);
  checkEdges(`${path}.edges`, edges);
  return {
    kind: 'numeric',
    name: stringOf(`${path}.name`, column.name),
    edges,
    ...parseCounts(path, column, edges.length + 1),
    min: finiteOrNull(`${path}.min`, column.min),
    max: finiteOrNull(`${path}.max`, column.max),
    mean: finiteOrNull(`${path}.mean`, column.mean),
    standardDeviation: finiteOrNull(`${path}.standardDeviation`, column.standardDeviation),
  };
}

function parseCategorical(path: string, column: Record<string, unknown>): CategoricalReferenceColumn {
  const categories = stringsOf(`${path}.categories`, column.categories);
  // A reference that does not say which rare values it saw can call none new.
  const rare =
    column.rare === null || column.rare === undefined ? null : stringsOf(`${path}.rare`, column.rare);
  if (new Set([...categories, ...(rare ?? [])]).size !== categories.length + (rare?.length ?? 0)) {
    throw invalidArgument(
      `${path}.categories`,
      categories,
      'categories, rare ones included, that are unique',
    );
  }
  return {
    kind: 'categorical',
    name: stringOf(`${path}.name`, column.name),
    categories,
    rare,
    ...parseCounts(path, column, categories.length + 1),
  };
}

function parseCounts(path: string, column: Record<string, unknown>, cells: number) {
  const counts = numbersOf(`${path}.counts`, column.counts);
  checkCounts(`${path}.counts`, counts);
  if (counts.length !== cells) throw invalidArgument(`${path}.counts`, counts, `${cells} counts`);
  const missing = numberOf(`${path}.missing`, column.missing);
  checkCounts(`${path}.missing`, [missing]);
  const rows = numberOf(`${path}.rows`, column.rows);
  const sum = counts.reduce((total, count) => total + count, missing);
  if (rows !== sum) throw invalidArgument(`${path}.rows`, rows, `${sum}, the sum of counts and missing`);
  return { counts, missing, rows };
}

function recordOf(path: string, json: unknown): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalidArgument(path, json, 'an object');
  return json as Record<string, unknown>;
}

function listOf(path: string, json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw invalidArgument(path, json, 'a list');
  return json;
}

function numberOf(path: string, json: unknown): number {
  if (typeof json !== 'number') throw invalidArgument(path, json, 'a number');
  return json;
}

function numbersOf(path: string, json: unknown): number[] {
  return listOf(path, json).map((entry, i) => numberOf(`${path}[${i}]`, entry));
}

function stringOf(path: string, json: unknown): string {
  if (typeof json !== 'string') throw invalidArgument(path, json, 'a string');
  return json;
}

function stringsOf(path: string, json: unknown): string[] {
  return listOf(path, json).map((entry, i) => stringOf(`${path}[${i}]`, entry));
}

function finiteOrNull(path: string, json: unknown): number | null {
  if (json === null) return null;
  const number = numberOf(path, json);
  checkFinite(path, number);
  return number;
}
