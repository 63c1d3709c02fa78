import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { canonicalJson } from '@steward/audit-log';
import { DecisionPolicyChanged } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, sha256 } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import type { DecisionPolicy } from './held-decision';
import { HeldDecisionRepository, type DecisionPolicyVersion } from './held-decision.repository';

/** Says which decisions of a model a person makes; inference holds to it within a second. */
@Injectable()
export class PutDecisionPolicy {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly decisions: HeldDecisionRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async put(
    caller: Caller,
    project: string,
    model: string,
    policy: DecisionPolicy,
  ): Promise<DecisionPolicyVersion> {
    return this.database.transaction(async (unit) => {
      const current = await this.decisions.lockPolicy(unit, project, model);
      if (current && digestOf(current.policy) === digestOf(policy)) return current;
      const next: DecisionPolicyVersion = {
        project,
        model,
        policy,
        version: (current?.version ?? 0) + 1,
        changedBy: caller.principal.id,
        changedAt: this.clock.iso(),
      };
      await this.decisions.addPolicy(unit, next);
      this.outbox.publish(unit, DecisionPolicyChanged, {
        subject: `${project}/${model}`,
        project: null,
        correlation: caller.correlation,
        actor: caller.principal.id,
        payload: { projectId: project, model, policyVersion: next.version, ...policy },
      });
      this.audit.record(unit, caller, {
        action: 'decision-policy.change',
        object: { kind: 'decision-policy', id: `${project}/${model}` },
        project,
        details: { version: next.version, active: policy.active, digest: digestOf(policy) },
      });
      return next;
    });
  }
}

const digestOf = (policy: DecisionPolicy): string => sha256(canonicalJson(policy));
