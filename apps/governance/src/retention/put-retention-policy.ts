import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { canonicalJson } from '@steward/audit-log';
import { Database } from '@steward/database';
import { Clock, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import type { RetentionPolicy, RetentionPolicyVersion } from './retention-policy';
import { RetentionPolicyRepository } from './retention.repository';

/** Says how long a project keeps data, and what is deleted without asking: a new version, unless it says the same. */
@Injectable()
export class PutRetentionPolicy {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly policies: RetentionPolicyRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, project: string, policy: RetentionPolicy): Promise<RetentionPolicyVersion> {
    return this.database.transaction(async (unit) => {
      await this.policies.lock(unit, project);
      const current = await this.policies.policy(project, unit);
      const digest = digestOf(policy);
      if (current.version > 0 && digestOf(current.policy) === digest) return current;
      const next = {
        project,
        policy,
        version: current.version + 1,
        changedBy: caller.principal.id,
        changedAt: this.clock.iso(),
      };
      await this.policies.addPolicy(unit, next);
      this.audit.record(unit, caller, {
        action: 'retention-policy.change',
        object: { kind: 'retention-policy', id: project },
        project,
        details: { version: next.version, digest, unattended: policy.unattended.join(',') || null },
      });
      return next;
    });
  }
}

const digestOf = (policy: RetentionPolicy): string => sha256(canonicalJson(policy));
