import type { ModelDescriptor } from '@steward/contracts';

/** The positive class's probability of each row. */
export function scoresOf(probabilities: Float64Array, rows: number, classes: number): Float64Array {
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) scores[row] = probabilities[row * classes + 1]!;
  return scores;
}

/** Decides each row by the model's threshold. */
export function labelsOf(scores: Float64Array, { classes, decisionThreshold }: ModelDescriptor): string[] {
  const [negative, positive] = classes as [string, string];
  // A loop: Array.from calls a function for each row.
  const labels: string[] = [];
  for (const score of scores) labels.push(score >= decisionThreshold ? positive : negative);
  return labels;
}
