import type { ModelDescriptor } from '@steward/contracts';

const digest = (char: string): string => char.repeat(64);

/** A descriptor of a small lending model: one number, one text; race is sensitive. */
export function descriptor(overrides: Partial<ModelDescriptor> = {}): ModelDescriptor {
  return {
    model: 'approval',
    version: 1,
    digest: digest('a'),
    sizeBytes: 1000,
    runId: 'run-1',
    pipeline: 'lending',
    dataset: 'applications',
    datasetVersion: 1,
    datasetDigest: digest('b'),
    contractVersion: 1,
    contractDigest: digest('c'),
    referenceDigest: digest('d'),
    evaluationDigest: digest('e'),
    inputs: [
      { name: 'pirat', kind: 'numeric' },
      { name: 'single', kind: 'categorical' },
    ],
    classes: ['no', 'yes'],
    decisionThreshold: 0.5,
    favourable: 'no',
    sensitive: ['afam'],
    groups: ['afam'],
    ...overrides,
  };
}
