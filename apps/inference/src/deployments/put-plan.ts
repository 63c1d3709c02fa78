import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { DeploymentPlanChanged } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { SyncRollout } from '../rollouts/sync-rollout';
import { checkPlan, planDigest, type DeploymentPlan } from './deployment-plan';
import { DeploymentRepository } from './deployment.repository';
import { KeepServing } from './keep-serving';
import { PlanRepository, type PlanVersion } from './plan.repository';

/** Sets how a model is served; the same plan again changes nothing. */
@Injectable()
export class PutPlan {
  constructor(
    private readonly database: Database,
    private readonly plans: PlanRepository,
    private readonly deployments: DeploymentRepository,
    private readonly rollouts: SyncRollout,
    private readonly serving: KeepServing,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, project: string, model: string, plan: DeploymentPlan): Promise<void> {
    checkPlan(plan);
    const digest = planDigest(plan);
    await this.database.transaction(async (unit) => {
      await this.plans.lockModel(unit, project, model);
      const deployments = await this.deployments.ofModel(unit, project, model);
      if (deployments.length === 0) throw notDeployed(model);
      const before = await this.plans.find(project, model, unit);
      if (before?.digest === digest) return;
      const next: PlanVersion = {
        project,
        model,
        version: (before?.version ?? 0) + 1,
        digest,
        plan,
        changedBy: caller.principal.id,
        correlation: caller.correlation,
        changedAt: this.clock.iso(),
      };
      await this.plans.save(unit, next);
      this.outbox.publish(unit, DeploymentPlanChanged, {
        subject: `${project}/${model}`,
        project,
        correlation: caller.correlation,
        actor: caller.principal.id,
        payload: { model, planVersion: next.version, digest, log: plan.log.mode, changedBy: next.changedBy },
      });
      this.audit.record(unit, caller, {
        action: 'deployment-plan.change',
        object: { kind: 'deployment-plan', id: model },
        project,
        details: {
          version: next.version,
          digest,
          previousDigest: before?.digest ?? null,
          log: plan.log.mode,
        },
      });
      await this.rollouts.execute(unit, caller, project, model, { plan: next, deployments });
      unit.afterCommit(() => this.serving.refresh());
    });
  }
}

export function notDeployed(model: string) {
  return errors.notFound(
    'INFERENCE.MODEL_NOT_DEPLOYED',
    `No alias of ${model} points to an approved version in this project, so there is nothing to deploy.`,
  );
}
