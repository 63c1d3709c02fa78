import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@steward/access';
import { DeploymentRepository, type Deployment } from '../deployments/deployment.repository';
import { servedName } from '../deployments/serving-table';
import { UnloadedModels } from './unloaded-models';

/** A version in the index, in Triton's words. */
export interface IndexedModel {
  readonly name: string;
  readonly version: string;
  readonly state: 'READY' | 'LOADING' | 'UNAVAILABLE';
  /** Why it is not ready; empty where it is. */
  readonly reason: string;
}

/** A deployment in any other state does not answer. */
const STATES: Readonly<Record<string, IndexedModel['state']>> = { serving: 'READY', loading: 'LOADING' };

/** What is deployed, of the models that the caller may use. */
@Injectable()
export class IndexModels {
  constructor(
    private readonly access: Access,
    private readonly deployments: DeploymentRepository,
    private readonly unloaded: UnloadedModels,
  ) {}

  async execute(caller: Caller, onlyReady: boolean): Promise<IndexedModel[]> {
    const deployments = await this.deployments.all();
    const models = new Map<string, IndexedModel>();
    for (const deployment of deployments) {
      const { project, descriptor } = deployment;
      const { model, version } = descriptor;
      if (!this.access.can(caller.principal, 'predict', 'Deployment', { project, model })) continue;
      const indexed = this.indexed(deployment);
      const key = `${indexed.name}/${version}`;
      // A version under two aliases is there once, and ready if it answers under one of them.
      if (models.get(key)?.state !== 'READY') models.set(key, indexed);
    }
    return [...models.values()]
      .filter(({ state }) => !onlyReady || state === 'READY')
      .sort((a, b) => a.name.localeCompare(b.name) || Number(a.version) - Number(b.version));
  }

  private indexed({ project, descriptor, state, failure }: Deployment): IndexedModel {
    const name = servedName(project, descriptor.model);
    const version = String(descriptor.version);
    if (this.unloaded.has(name)) return { name, version, state: 'UNAVAILABLE', reason: 'unloaded' };
    const known = STATES[state] ?? 'UNAVAILABLE';
    return { name, version, state: known, reason: failure ?? (known === 'UNAVAILABLE' ? state : '') };
  }
}
