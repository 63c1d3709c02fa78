import type { FittedPipeline } from '@steward/learning';

import { isClassifier, linkOf, scoreWidth } from '../pipeline/feature-layout';
import type { GraphBuilder } from './graph-builder';
import { writeCalibration } from './write-calibration';

/** The outputs of the models that Steward writes. */
export const OUTPUT_NAMES: readonly string[] = ['label', 'probability', 'prediction'];

/** Writes link and outputs over the scores (DOUBLE [N, outputs]). */
export function writeOutputs(builder: GraphBuilder, fitted: FittedPipeline, scores: string): void {
  const linked = writeLink(builder, linkOf(fitted), scores);
  if (!isClassifier(fitted)) {
    builder.node('Squeeze', 'prediction', [linked, builder.integers('steward/squeezed', [1])]);
    builder.output({ name: 'prediction', type: 'double', dims: ['N'], doc: '' });
    return;
  }
  const positive = writePositive(builder, fitted, linked);
  if (positive !== null) {
    const one = builder.doubles('steward/one', [1]);
    const negative = builder.node('Sub', 'steward/negative', [one, positive]);
    builder.node('Concat', 'probability', [negative, positive], [{ name: 'axis', kind: 'int', value: 1 }]);
  } else {
    builder.node('Identity', 'probability', [linked]);
  }
  const best = builder.node(
    'ArgMax',
    'steward/best',
    ['probability'],
    [
      { name: 'axis', kind: 'int', value: 1 },
      { name: 'keepdims', kind: 'int', value: 0 },
    ],
  );
  const { classes } = fitted;
  const names = builder.constant({
    name: 'steward/classes',
    type: 'string',
    dims: [classes.length],
    values: classes,
  });
  builder.node('Gather', 'label', [names, best]);
  builder.output({ name: 'label', type: 'string', dims: ['N'], doc: '' });
  builder.output({ name: 'probability', type: 'double', dims: ['N', classes.length], doc: '' });
}

/** The probability of the positive class, if the other follows from it; otherwise null. */
function writePositive(builder: GraphBuilder, fitted: FittedPipeline, linked: string): string | null {
  const single = scoreWidth(fitted) === 1;
  if (!fitted.calibration) return single ? linked : null;
  if (single) return writeCalibration(builder, fitted.calibration, linked);
  const second = [linked, builder.integers('steward/second', [1])];
  const positive = builder.node('Gather', 'steward/positive', second, [
    { name: 'axis', kind: 'int', value: 1 },
  ]);
  return writeCalibration(builder, fitted.calibration, positive);
}

function writeLink(builder: GraphBuilder, link: ReturnType<typeof linkOf>, scores: string): string {
  switch (link) {
    case 'identity':
      return scores;
    case 'logistic':
      return builder.node('Sigmoid', 'steward/linked', [scores]);
    case 'exp':
      return builder.node('Exp', 'steward/linked', [scores]);
    case 'softmax':
      return builder.node('Softmax', 'steward/linked', [scores], [{ name: 'axis', kind: 'int', value: 1 }]);
  }
}
