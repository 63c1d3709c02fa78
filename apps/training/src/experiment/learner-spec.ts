import type { LearnerSpec } from '@steward/learning';
import type { LearnerDefinition } from '../pipelines/pipeline-definition';

/** A pipeline's learner in the words of libs/learning, which alone trains models. */
export function learnerSpec(learner: LearnerDefinition): LearnerSpec {
  switch (learner.kind) {
    case 'gbm': {
      const { trees, learningRate, leaves, minimumLeafRows, l2 } = learner.params;
      return {
        name: 'gbm',
        params: { trees, learningRate, maxLeaves: leaves, minChildSamples: minimumLeafRows, l2 },
      };
    }
    case 'logistic':
      return { name: 'logistic', params: { c: learner.params.c, maxIterations: learner.params.iterations } };
  }
}
