import type { Deployment } from './deployment.repository';
import { servedName } from './serving-table';

/** A deployment as the API shows it. */
export function deploymentAnswer({ project, alias, descriptor, state, failure, changedAt }: Deployment) {
  const { model, version, digest } = descriptor;
  return { name: servedName(project, model), model, version, digest, alias, state, failure, changedAt };
}
