import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PredictColumn } from '@steward/client';

const FOLDER = join(__dirname, '..', '..', '..', 'examples', 'lending');

export const NUMBERS = ['pirat', 'hirat', 'lvrat', 'chist', 'mhist', 'unemp'] as const;
export const TEXTS = ['phist', 'selfemp', 'insurance', 'condomin', 'single', 'hschool'] as const;

export type LendingFile = 'calm' | 'shifted-a' | 'shifted-b' | 'control';

/** One application by column. The files of predictions are clean, without quotes. */
export type Application = Readonly<Record<string, string>>;

export function exampleFile(name: string): string {
  return join(FOLDER, name);
}

export function exampleText(name: string): string {
  return readFileSync(exampleFile(name), 'utf8');
}

export function applications(file: LendingFile): Application[] {
  const [header = '', ...lines] = exampleText(`data/${file}.csv`).trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  });
}

/** The columns of a request: the model's inputs, race beside them, and the subjects' pseudonyms. */
export function requestColumns(rows: readonly Application[], subjects: readonly string[]): PredictColumn[] {
  return [
    ...NUMBERS.map((name) => ({ name, values: rows.map((row) => Number(row[name])) })),
    ...TEXTS.map((name) => ({ name, values: rows.map((row) => row[name] ?? '') })),
    { name: 'afam', values: rows.map((row) => row.afam ?? '') },
    { name: 'subject', values: [...subjects] },
  ];
}
