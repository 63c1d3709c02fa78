import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalPolicyRepository } from './approval.repository';
import type { ApprovalPolicy, PolicyVersion } from './approval-policy';

/** Sets the approval policy of an alias: a new version, unless it says the same. Who sets it cannot approve by it. */
@Injectable()
export class PutPolicy {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly policies: ApprovalPolicyRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async put(
    caller: Caller,
    { project, alias, environment }: Pick<PolicyVersion, 'project' | 'alias' | 'environment'>,
    policy: ApprovalPolicy,
  ): Promise<PolicyVersion> {
    return this.database.transaction(async (unit) => {
      const current = await this.policies.lockCurrent(unit, project, alias, environment);
      if (text(current.policy) === text(policy)) return current;
      const next = {
        project,
        alias,
        environment,
        version: current.version + 1,
        policy,
        changedBy: caller.principal.id,
        changedAt: this.clock.iso(),
      };
      await this.policies.add(unit, next);
      this.audit.record(unit, caller, {
        action: 'approval-policy.change',
        object: { kind: 'approval-policy', id: `${project}/${alias}` },
        project,
        details: {
          alias,
          environment,
          version: next.version,
          digest: sha256(text(policy)),
          approvers: policy.approvers,
          delegation: policy.delegation,
        },
      });
      return next;
    });
  }
}

/** The parts in one order, so that the same policy has the same text. */
function text({ approvers, roles, gates, expiresAfterHours, delegation }: ApprovalPolicy): string {
  const { minimumAuc, minimumDemographicParityRatio, noSensitiveInputs } = gates;
  return JSON.stringify([
    approvers,
    [...roles].sort(),
    minimumAuc,
    minimumDemographicParityRatio,
    noSensitiveInputs,
    expiresAfterHours,
    delegation,
  ]);
}
