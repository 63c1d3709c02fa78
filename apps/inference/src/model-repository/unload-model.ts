import { Injectable } from '@nestjs/common';
import { Access, AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { errors } from '@steward/kernel';
import { DeploymentRepository } from '../deployments/deployment.repository';
import { modelToChange } from './repository-model';
import { UnloadedModelRepository } from './unloaded-model.repository';
import { UnloadedModels } from './unloaded-models';

/** Takes a model out of service in every process, until it is loaded again. Its deployment and approvals stay. */
@Injectable()
export class UnloadModel {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly deployments: DeploymentRepository,
    private readonly unloaded: UnloadedModelRepository,
    private readonly known: UnloadedModels,
  ) {}

  async execute(caller: Caller, name: string): Promise<void> {
    const { project, model } = modelToChange(this.access, caller, name);
    const deployed = (await this.deployments.ofProject(project)).some(
      ({ descriptor }) => descriptor.model === model,
    );
    if (!deployed) {
      throw errors.notFound(
        'INFERENCE.MODEL_NOT_SERVED',
        'No approved version of a model of that name is deployed here.',
      );
    }
    await this.database.transaction(async (unit) => {
      if (!(await this.unloaded.add(unit, { project, model }, caller.principal.id))) return;
      this.audit.record(unit, caller, {
        action: 'deployment.unload',
        object: { kind: 'model', id: model },
        project,
      });
    });
    await this.known.refresh();
  }
}
