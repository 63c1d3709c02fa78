import type { FittedPipeline } from '@steward/learning';

import { isClassifier, linkOf, scoreWidth } from '../pipeline/feature-layout';
import type { GraphBuilder } from './graph-builder';

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
  if (scoreWidth(fitted) === 1) {
    const one = builder.doubles('steward/one', [1]);
    const negative = builder.node('Sub', 'steward/negative', [one, linked]);
    builder.node('Concat', 'probability', [negative, linked], [{ name: 'axis', kind: 'int', value: 1 }]);
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
