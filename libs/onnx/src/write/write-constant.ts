import type { FittedPipeline } from '@steward/learning';

import { scoreWidth } from '../pipeline/feature-layout';
import { compileScorer } from '../scorer/compile-scorer';
import type { GraphBuilder } from './graph-builder';

/**
 * Writes the scores of a pipeline that looks at no feature: the same for every row, as many rows as `input` has.
 */
export function writeConstant(builder: GraphBuilder, fitted: FittedPipeline, input: string): string {
  const outputs = scoreWidth(fitted);
  const constant = new Float64Array(outputs);
  compileScorer(fitted).rawScores(new Float64Array(0), 0, constant);
  const shape = builder.node('Shape', 'steward/shape', [input]);
  const first = builder.node('Gather', 'steward/rows', [shape, builder.integers('steward/first', [0])]);
  const dims = [first, builder.integers('steward/outputs', [outputs])];
  const size = builder.node('Concat', 'steward/size', dims, [{ name: 'axis', kind: 'int', value: 0 }]);
  return builder.node('Expand', 'steward/scores', [builder.doubles('steward/base', constant), size]);
}
