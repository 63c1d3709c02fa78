import type { Access, Caller } from '@steward/access';
import { errors } from '@steward/kernel';

/** A model by its parts. */
export interface RepositoryModel {
  readonly project: string;
  readonly model: string;
}

/** The model that a name stands for, if the caller may take it in and out of service. */
export function modelToChange(access: Access, caller: Caller, name: string): RepositoryModel {
  const [project = '', model = '', ...rest] = name.split('.');
  if (project === '' || model === '' || rest.length > 0)
    throw errors.notFound('INFERENCE.MODEL_NOT_SERVED', 'A model is named <project>.<model>.');
  access.require(caller, 'update', 'Deployment', { project, model });
  access.requireProject(project, 'update', 'Deployment');
  return { project, model };
}

/** Models come by training and approval alone: nothing else may come with a request to load one. */
export function refuseParameters(given: readonly string[]): void {
  const [parameter] = given.filter((name) => name !== 'unload_dependents');
  if (parameter !== undefined) {
    throw errors.invalid(
      'INFERENCE.PARAMETER_INVALID',
      `The parameter "${parameter.slice(0, 50)}" is not taken: a model and its configuration come by training and approval, never with a request.`,
    );
  }
}
