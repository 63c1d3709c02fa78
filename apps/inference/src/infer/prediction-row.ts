import { errors, isId } from '@steward/kernel';

/** One row of a prediction. */
export interface PredictionRow {
  readonly id: string;
  readonly row: number;
}

/** Reads `<prediction id>/<row>`; null for any other text. */
export function parsePredictionRow(text: string): PredictionRow | null {
  const slash = text.indexOf('/');
  const id = text.slice(0, slash);
  const row = text.slice(slash + 1);
  return isId(id) && /^\d{1,7}$/.test(row) ? { id, row: Number(row) } : null;
}

/** The same; throws INFERENCE.PREDICTION_ID_INVALID. */
export function predictionRow(text: string): PredictionRow {
  const read = parsePredictionRow(text);
  if (read) return read;
  throw errors.invalid(
    'INFERENCE.PREDICTION_ID_INVALID',
    'A predicted row is named <prediction id>/<row>, as answers name it.',
  );
}

/** When a prediction was made: ids are UUIDs of version 7, which begin with their milliseconds. */
export const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
