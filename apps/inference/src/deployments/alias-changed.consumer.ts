import { Injectable } from '@nestjs/common';
import { callerFromEvent } from '@steward/access';
import { AliasChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { SyncRollout } from '../rollouts/sync-rollout';
import { SHADOW_ALIAS } from './deployment-plan';
import { DeploymentRepository } from './deployment.repository';
import { KeepServing } from './keep-serving';
import { PlanRepository } from './plan.repository';

/** An approved version got an alias: serve it where the alias, or the plan for it, says so. */
@Injectable()
export class AliasChangedConsumer extends EventConsumer<typeof AliasChanged> {
  readonly event = AliasChanged;

  constructor(
    private readonly deployments: DeploymentRepository,
    private readonly plans: PlanRepository,
    private readonly rollouts: SyncRollout,
    private readonly serving: KeepServing,
  ) {
    super();
  }

  async handle(event: IncomingEvent<typeof AliasChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { project, actor, correlation } = event;
    const { alias, descriptor } = event.payload;
    if (project === null) return handled.deadLetter('An alias belongs to a project.');
    const { model } = descriptor;
    await this.plans.lockModel(unit, project, model);
    await this.deployments.replace(unit, { project, alias, descriptor, actor, correlation });
    await this.deployments.approve(unit, project, { descriptor, mayAnswer: alias !== SHADOW_ALIAS });
    await this.rollouts.execute(unit, callerFromEvent(event), project, model, {
      plan: await this.plans.find(project, model, unit),
      deployments: await this.deployments.ofModel(unit, project, model),
    });
    unit.afterCommit(() => this.serving.refresh());
    return handled.ok;
  }
}
