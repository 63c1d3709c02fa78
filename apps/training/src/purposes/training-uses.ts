import type { ProcessingUse } from '@steward/access';
import type { Pipeline } from '../pipelines/pipeline';

/**
 * What a run processes, from the source on: its dataset by its pipeline. The model comes out of it; where it is bound to
 * purposes they must be the pipeline's.
 */
export function trainingUses({
  pipeline,
  definition,
}: Pick<Pipeline, 'pipeline' | 'definition'>): ProcessingUse[] {
  return [
    { kind: 'dataset', name: definition.dataset },
    { kind: 'pipeline', name: pipeline },
    { kind: 'model', name: definition.model, required: false },
  ];
}
