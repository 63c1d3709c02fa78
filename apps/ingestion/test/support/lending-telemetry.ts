import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LENDING } from '../../src/batches/lending-contract.factory';

/** The contract of the example, and its rows as inference logs them. */
export const contract = readFileSync(join(LENDING, 'contract.yaml'), 'utf8');
const calm = readFileSync(join(LENDING, 'data/calm.csv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(','));
export const header = calm[0]!;
export const rows = calm.slice(1);
export const TEXTS = ['phist', 'selfemp', 'insurance', 'condomin', 'single', 'hschool'];
export const NUMBERS = ['pirat', 'hirat', 'lvrat', 'chist', 'mhist', 'unemp'];

const valuesOf = (name: string, some: readonly string[][]) => some.map((row) => row[header.indexOf(name)]!);
const text = (name: string, some: readonly string[][]) => ({
  name,
  numbers: [],
  texts: valuesOf(name, some),
  missing: [],
});
const number = (name: string, some: readonly string[][]) => ({
  name,
  numbers: valuesOf(name, some).map(Number),
  texts: [],
  missing: [],
});
/** A logged prediction of some rows, as inference tells it. */
export const prediction = (some: readonly string[][], dataset = 'applications') => ({
  rows: some.length,
  dataset,
  inputs: [...NUMBERS.map((name) => number(name, some)), ...TEXTS.map((name) => text(name, some))],
  sensitive: [text('afam', some)],
});
