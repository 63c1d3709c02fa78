import { errors } from '@steward/kernel';
import { GraphSession, type GraphSignature } from '@steward/onnx';
import { PROBE_ROWS, probeColumns, rowOf } from './probe-rows';

/** Probabilities of float32 graphs sum to 1 within this. */
const SUM_TOLERANCE = 1e-3;
/** A row's answer may differ so much with the rows beside it: the order of float32 sums. */
const ROW_TOLERANCE = 1e-5;

/**
 * Loads the graph as inference would, and asks it probe rows: it must take its declared inputs, answer finite
 * probabilities of the declared shape, and answer each row the same whatever rows come with it, for requests are put
 * together. Throws the AppError of what is wrong.
 */
export async function checkGraph(onnx: Uint8Array, signature: GraphSignature): Promise<void> {
  const session = await GraphSession.open(onnx, signature);
  const columns = probeColumns(signature);
  const together = await session.run(columns, PROBE_ROWS);
  const width = signature.classes.length;
  for (let row = 0; row < PROBE_ROWS; row++) checkRow(together.subarray(row * width, (row + 1) * width), row);
  for (const row of [0, 1, PROBE_ROWS - 1]) {
    const alone = await session.run(rowOf(columns, row), 1);
    alone.forEach((value, index) => {
      if (Math.abs(value - together[row * width + index]!) > ROW_TOLERANCE) {
        throw errors.invalid(
          'TRAINING.IMPORT_ROWS_MIXED',
          'The model answers a row differently when other rows come with it; Steward serves models of single rows alone.',
        );
      }
    });
  }
  await session.close();
}

function checkRow(probabilities: Float64Array, row: number): void {
  const fits = probabilities.every((value) => value >= 0 && value <= 1);
  const sum = probabilities.reduce((total, value) => total + value, 0);
  if (fits && Math.abs(sum - 1) <= SUM_TOLERANCE) return;
  throw errors.invalid(
    'TRAINING.IMPORT_NO_PROBABILITY',
    `The model answers [${[...probabilities].join(', ')}] to probe row ${row}, which are no probabilities of two classes.`,
    { details: { row } },
  );
}
