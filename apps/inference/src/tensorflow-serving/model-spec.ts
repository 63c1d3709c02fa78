import type { ModelSpec } from '@steward/contracts/generated/tensorflow_serving/apis/model';
import { errors } from '@steward/kernel';
import type { WantedVersion } from '../deployments/serving-table';

/** The model that a request names, and which version of it: a number, a label, or the one that the server chooses. */
export interface WantedModel extends WantedVersion {
  readonly name: string;
}

/** The model that a request over gRPC names. */
export function wantedBy(spec: ModelSpec | undefined): WantedModel {
  if (!spec || spec.name === '')
    throw errors.invalid('INFERENCE.MODEL_MISSING', 'The request names no model in model_spec.name.');
  const { name, versionChoice: choice } = spec;
  if (choice?.$case === 'versionLabel') return { name, label: choice.versionLabel };
  return choice?.version === undefined ? { name } : { name, version: String(choice.version) };
}

/** What an answer says of the model that gave it. */
export const specOf = (name: string, version: number, signatureName: string): ModelSpec => ({
  name,
  versionChoice: { $case: 'version', version },
  signatureName,
});
