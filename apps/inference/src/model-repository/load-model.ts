import { Injectable } from '@nestjs/common';
import { Access, AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { DeploymentRepository } from '../deployments/deployment.repository';
import { LoadDeployments } from '../deployments/load-deployments';
import { servedName, ServingTable } from '../deployments/serving-table';
import { modelToChange } from './repository-model';
import { UnloadedModelRepository } from './unloaded-model.repository';
import { UnloadedModels } from './unloaded-models';

/**
 * Puts what is deployed of a model into service: again after an unload, or once more where it was refused. It never
 * deploys anything: only an approved version has a deployment.
 */
@Injectable()
export class LoadModel {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly deployments: DeploymentRepository,
    private readonly loader: LoadDeployments,
    private readonly table: ServingTable,
    private readonly unloaded: UnloadedModelRepository,
    private readonly known: UnloadedModels,
  ) {}

  async execute(caller: Caller, name: string): Promise<void> {
    const { project, model } = modelToChange(this.access, caller, name);
    const deployed = (await this.deployments.ofProject(project)).filter(
      ({ descriptor }) => descriptor.model === model,
    );
    const champion = deployed.find(({ alias }) => alias === 'champion');
    if (!champion) {
      throw errors.conflict(
        'INFERENCE.MODEL_NOT_APPROVED',
        'No version of this model is approved as champion; loading serves what is approved and approves nothing. Ask for the approval first.',
      );
    }
    const { correlation, principal } = caller;
    await this.database.transaction(async (unit) => {
      const back = await this.unloaded.remove(unit, { project, model });
      const refused = deployed.filter(({ state }) => state === 'refused');
      for (const deployment of refused)
        await this.deployments.replace(unit, { ...deployment, actor: principal.id, correlation });
      this.audit.record(unit, caller, {
        action: 'deployment.load',
        object: { kind: 'model-version', id: `${model}/${champion.descriptor.version}` },
        project,
        details: { digest: champion.descriptor.digest, wasUnloaded: back, triedAgain: refused.length },
      });
    });
    await Promise.all([this.known.refresh(), this.loader.execute()]);
    this.requireServed(servedName(project, model), champion.descriptor.digest);
  }

  private requireServed(name: string, digest: string): void {
    if (this.table.get(name)?.descriptor.digest === digest) return;
    throw errors.conflict(
      'INFERENCE.MODEL_REFUSED',
      'The approved version cannot be served; the list of deployments and the audit log say why. The version before goes on where there is one.',
    );
  }
}
