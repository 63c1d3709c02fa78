import type { Calibration } from './calibration';

interface Block {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
  readonly weight: number;
}

/**
 * Isotonic regression by pooling adjacent violators (Ayer et al. 1955), with interpolation between the blocks' ends as
 * scikit-learn's IsotonicRegression(out_of_bounds='clip') has it. Equal probabilities share one value.
 */
export function fitIsotonic(
  p: Float64Array,
  y: Float64Array,
  weights: Float64Array | undefined,
): Calibration {
  const order = Array.from(p.keys())
    .filter((i) => !weights || weights[i]! > 0)
    .sort((a, b) => p[a]! - p[b]!);
  const blocks: Block[] = [];
  for (let i = 0; i < order.length;) {
    const at = p[order[i]!]!;
    let [sum, weight] = [0, 0];
    for (; i < order.length && p[order[i]!] === at; i++) {
      const w = weights ? weights[order[i]!]! : 1;
      sum += w * y[order[i]!]!;
      weight += w;
    }
    push(blocks, { from: at, to: at, sum, weight });
  }
  const x: number[] = [];
  const values: number[] = [];
  for (const { from, to, sum, weight } of blocks) {
    for (const end of from === to ? [from] : [from, to]) {
      x.push(end);
      values.push(sum / weight);
    }
  }
  return { kind: 'isotonic', x, y: values };
}

/** Adds a block, merged with those before it whose mean is not below its own. */
function push(blocks: Block[], added: Block): void {
  let block = added;
  for (
    let last = blocks.at(-1);
    last && last.sum * block.weight >= block.sum * last.weight;
    last = blocks.at(-1)
  ) {
    blocks.pop();
    block = {
      from: last.from,
      to: block.to,
      sum: last.sum + block.sum,
      weight: last.weight + block.weight,
    };
  }
  blocks.push(block);
}
