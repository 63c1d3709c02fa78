import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService, type Caller } from '@steward/access';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalPolicyRepository, ApprovalRepository } from './approval.repository';
import { Environment } from '../identity/environment';
import type { ApprovalPolicy } from './approval-policy';
import type { ApprovalRequest } from './approval-request';
import { CloseRequest } from './close-request';
import { judgeGates } from './judge-gates';

export type AskedApproval = Omit<
  ApprovalRequest,
  | 'environment'
  | 'policyVersion'
  | 'policyEnvironment'
  | 'policy'
  | 'gates'
  | 'state'
  | 'round'
  | 'voidCode'
  | 'expiresAt'
  | 'decidedAt'
>;

/** Opens an approval request: judges the gates by the policy of now, and lets an older open request expire. */
@Injectable()
export class OpenRequest {
  constructor(
    private readonly requests: ApprovalRepository,
    private readonly policies: ApprovalPolicyRepository,
    private readonly closing: CloseRequest,
    private readonly audit: AuditTrail,
    private readonly environment: Environment,
  ) {}

  async open(unit: UnitOfWork<GovernanceTables>, cause: Caller, asked: AskedApproval): Promise<void> {
    const { project, model, alias } = asked;
    const older = await this.requests.lockPending(unit, project, model, alias);
    const environment = this.environment.name;
    const held = await this.policies.holding(project, alias, environment, unit);
    const { version, policy } = held;
    const gates = judgeGates(policy, asked);
    const request: ApprovalRequest = {
      ...asked,
      environment,
      policyVersion: version,
      policyEnvironment: held.environment,
      policy,
      gates,
      state: 'open',
      round: 1,
      voidCode: null,
      expiresAt: expiryOf(policy, asked.openedAt),
      decidedAt: null,
    };
    // Told twice: it stands as it was judged the first time.
    if (!(await this.requests.add(unit, request))) return;
    for (const old of older) await this.closing.close(unit, cause, old, 'expired');
    this.audit.record(unit, callerOfService('governance', asked.correlation, project), {
      action: 'approval.open',
      object: { kind: 'approval-request', id: asked.id },
      project,
      details: {
        model,
        version: asked.version,
        digest: asked.digest,
        alias,
        environment,
        policyVersion: version,
        ...Object.fromEntries(gates.map(({ gate, passed }) => [`gate.${gate}`, passed])),
        excluded: asked.excluded.length,
      },
    });
  }
}

const HOUR_MS = 3_600_000;

function expiryOf({ expiresAfterHours }: ApprovalPolicy, openedAt: string): string | null {
  if (expiresAfterHours === null) return null;
  return new Date(Date.parse(openedAt) + expiresAfterHours * HOUR_MS).toISOString();
}
