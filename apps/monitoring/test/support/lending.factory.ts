import type { ModelDescriptor, PredictionLoggedMessage } from '@steward/contracts';
import { newId, sha256 } from '@steward/kernel';
import { buildReference, type ReferenceProfile } from '@steward/statistics';

export const PROJECT = 'lending';
export const MODEL = 'approval';

/** One applicant in a population where one in five is single, or, shifted, four in five. The same for the same index. */
export function applicant(index: number, shifted: boolean) {
  const single = shifted ? index % 5 !== 0 : index % 5 === 0;
  const pirat = ((index * 37) % 97) / 97;
  const score = ((index * 29) % 89) / 89;
  return {
    single: single ? 'yes' : 'no',
    pirat,
    score,
    label: score >= 0.5 ? 'yes' : 'no',
    afam: index % 4 === 0 ? 'yes' : 'no',
  };
}

export function referenceOf(shifted: boolean): ReferenceProfile {
  const people = Array.from({ length: 1_000 }, (_, index) => applicant(index, shifted));
  return buildReference([
    { kind: 'categorical', name: 'single', values: people.map(({ single }) => single) },
    { kind: 'numeric', name: 'pirat', values: people.map(({ pirat }) => pirat) },
    { kind: 'numeric', name: 'score', values: people.map(({ score }) => score) },
  ]);
}

export function descriptorOf(model: string, version: number, referenceDigest: string): ModelDescriptor {
  return {
    model,
    version,
    digest: sha256(`${model} ${version}`),
    sizeBytes: 1_000,
    runId: newId(),
    pipeline: 'approval',
    dataset: 'applications',
    datasetVersion: version,
    datasetDigest: sha256('dataset'),
    contractVersion: 1,
    contractDigest: sha256('contract'),
    referenceDigest,
    evaluationDigest: sha256('evaluation'),
    inputs: [
      { name: 'pirat', kind: 'numeric' },
      { name: 'single', kind: 'categorical' },
    ],
    classes: ['no', 'yes'],
    decisionThreshold: 0.5,
    favourable: 'no',
    sensitive: ['afam'],
    groups: ['afam'],
  };
}

/** A prediction event of `rows` applicants from `from` on. */
export function prediction(
  from: number,
  rows: number,
  options: { shifted?: boolean; version?: number; id?: string; firstRow?: number; model?: string } = {},
): PredictionLoggedMessage {
  const people = Array.from({ length: rows }, (_, index) =>
    applicant(from + index, options.shifted ?? false),
  );
  const model = options.model ?? MODEL;
  const version = options.version ?? 1;
  const texts = (name: string, values: string[]) => ({ name, numbers: [], texts: values, missing: [] });
  return {
    predictionId: options.id ?? newId(),
    firstRow: options.firstRow ?? 0,
    rows,
    project: PROJECT,
    model,
    modelVersion: version,
    modelDigest: sha256(`${model} ${version}`),
    dataset: 'applications',
    inputs: [
      { name: 'pirat', numbers: people.map(({ pirat }) => pirat), texts: [], missing: [] },
      texts(
        'single',
        people.map(({ single }) => single),
      ),
    ],
    sensitive: [
      texts(
        'afam',
        people.map(({ afam }) => afam),
      ),
    ],
    subjects: [],
    scores: people.map(({ score }) => score),
    labels: people.map(({ label }) => label),
    timeMs: Date.now(),
    caller: 'u-caller',
  };
}
