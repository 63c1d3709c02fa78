import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { DeploymentChanged } from '@steward/contracts';
import { Database } from '@steward/database';
import { Outbox } from '@steward/messaging';
import { DeploymentRepository, type Deployment } from './deployment.repository';

const WORDS = {
  serving: { state: 'serving', action: 'deployment.serve', outcome: 'done' },
  refused: { state: 'refused', action: 'deployment.refuse', outcome: 'refused' },
  idle: { state: 'retired', action: 'deployment.retire', outcome: 'done' },
} as const;

/** Writes the state of an alias's version, its event and its audit entry: once, although each process passes here. */
@Injectable()
export class SettleDeployment {
  constructor(
    private readonly database: Database,
    private readonly deployments: DeploymentRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
  ) {}

  async execute(
    deployment: Deployment,
    to: keyof typeof WORDS,
    failure: string | null = null,
  ): Promise<void> {
    const { project, alias, descriptor, actor, correlation } = deployment;
    const { model, version, digest } = descriptor;
    const { state, action, outcome } = WORDS[to];
    await this.database.transaction(async (unit) => {
      if (!(await this.deployments.setState(unit, deployment, to, failure))) return;
      this.outbox.publish(unit, DeploymentChanged, {
        subject: `${project}/${model}`,
        project,
        correlation,
        actor,
        payload: { model, version, digest, alias, state, failure },
      });
      this.audit.record(unit, callerOfService('inference', correlation, project), {
        action,
        object: { kind: 'model-version', id: `${model}/${version}` },
        project,
        outcome,
        details: { digest, alias, ...(failure === null ? {} : { failure }) },
      });
    });
  }
}
