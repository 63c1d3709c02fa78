import { errors } from '@steward/kernel';
import type { MulticlassTarget } from '../../target/target';
import type { Objective } from './objective';

/**
 * Multiclass cross-entropy of softmax(scores), one tree for each class and round. Hessians are p (1 - p) K / (K - 1),
 * as LightGBM has them. A class without rows starts at a chance of 1e-12.
 */
export function softmaxObjective(target: MulticlassTarget, weights: Float64Array | undefined): Objective {
  const outputs = target.classes.length;
  if (outputs < 2) throw errors.invalid('LEARNING.TARGET', 'A multiclass target needs at least two classes.');
  const rows = target.values.length;
  const probabilities = new Float64Array(rows * outputs);
  const factor = outputs / (outputs - 1);
  return {
    outputs,
    link: 'softmax',
    base() {
      const shares = new Float64Array(outputs);
      let total = 0;
      for (let i = 0; i < rows; i++) {
        const weight = weights ? weights[i]! : 1;
        shares[target.values[i]!]! += weight;
        total += weight;
      }
      return shares.map((share) => Math.log(Math.max(share / total, 1e-12)));
    },
    gradients({ scoreView, gradientView, stride }, output) {
      // The first output of a round fixes the probabilities for all: its tree then moves its own scores only.
      if (output === 0) softmax(scoreView, stride, rows, outputs, probabilities);
      for (let i = 0; i < rows; i++) {
        const p = probabilities[i * outputs + output]!;
        const weight = weights ? weights[i]! : 1;
        gradientView[2 * i] = (p - (target.values[i] === output ? 1 : 0)) * weight;
        gradientView[2 * i + 1] = Math.max(factor * p * (1 - p), 1e-16) * weight;
      }
    },
    loss(scores, stride, other, otherWeights) {
      const p = new Float64Array(other.values.length * outputs);
      softmax(scores, stride, other.values.length, outputs, p);
      let sum = 0;
      let total = 0;
      for (let i = 0; i < other.values.length; i++) {
        const weight = otherWeights ? otherWeights[i]! : 1;
        sum -= weight * Math.log(Math.max(p[i * outputs + other.values[i]!]!, 1e-300));
        total += weight;
      }
      return sum / total;
    },
  };
}

/** Softmax of scores (output after output, `stride` each) into row-major [rows, outputs]. */
function softmax(
  scores: Float64Array,
  stride: number,
  rows: number,
  outputs: number,
  out: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    let most = -Infinity;
    for (let k = 0; k < outputs; k++) most = Math.max(most, scores[k * stride + i]!);
    let sum = 0;
    for (let k = 0; k < outputs; k++) {
      const e = Math.exp(scores[k * stride + i]! - most);
      out[i * outputs + k] = e;
      sum += e;
    }
    for (let k = 0; k < outputs; k++) out[i * outputs + k]! /= sum;
  }
}
