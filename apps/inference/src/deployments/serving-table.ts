import type { ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { Engine } from '../engines/engine';

/** A model version that answers. */
export interface ServedModel {
  readonly project: string;
  readonly descriptor: ModelDescriptor;
  readonly engine: Engine;
}

/** The protocol's model name: `<project>.<model>`; neither may hold a dot. */
export const servedName = (project: string, model: string): string => `${project}.${model}`;

/** What answers right now, in memory. A swap is one assignment, so no request ever meets half of one. */
export class ServingTable {
  private readonly served = new Map<string, ServedModel>();

  put(model: ServedModel): void {
    this.served.set(servedName(model.project, model.descriptor.model), model);
  }

  get(name: string): ServedModel | undefined {
    return this.served.get(name);
  }

  names(): string[] {
    return [...this.served.keys()];
  }

  /** The model by name and, if given, version. Only an approved version under an alias is here; all else is refused. */
  require(name: string, version: string | undefined): ServedModel {
    const model = this.served.get(name);
    if (!model) {
      throw errors.notFound(
        'INFERENCE.MODEL_NOT_SERVED',
        'No approved version of a model of that name is served here. Names have the form <project>.<model>.',
      );
    }
    if (version !== undefined && version !== '' && version !== String(model.descriptor.version)) {
      throw errors.notFound(
        'INFERENCE.VERSION_NOT_SERVED',
        `Version ${version.slice(0, 20)} is not served; version ${model.descriptor.version} is. Only approved versions are.`,
      );
    }
    return model;
  }
}
