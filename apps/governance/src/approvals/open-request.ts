import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService, type Caller } from '@steward/access';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalPolicyRepository, ApprovalRepository } from './approval.repository';
import type { ApprovalRequest } from './approval-request';
import { CloseRequest } from './close-request';
import { judgeGates } from './judge-gates';

export type AskedApproval = Omit<
  ApprovalRequest,
  'policyVersion' | 'policy' | 'gates' | 'state' | 'voidCode' | 'decidedAt'
>;

/** Opens an approval request: judges the gates by the policy of now, and lets an older open request expire. */
@Injectable()
export class OpenRequest {
  constructor(
    private readonly requests: ApprovalRepository,
    private readonly policies: ApprovalPolicyRepository,
    private readonly closing: CloseRequest,
    private readonly audit: AuditTrail,
  ) {}

  async open(unit: UnitOfWork<GovernanceTables>, cause: Caller, asked: AskedApproval): Promise<void> {
    const { project, model, alias } = asked;
    const older = await this.requests.lockOpen(unit, project, model, alias);
    const { version, policy } = await this.policies.current(project, alias, unit);
    const gates = judgeGates(policy, asked);
    const request: ApprovalRequest = {
      ...asked,
      policyVersion: version,
      policy,
      gates,
      state: 'open',
      voidCode: null,
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
        policyVersion: version,
        ...Object.fromEntries(gates.map(({ gate, passed }) => [`gate.${gate}`, passed])),
        excluded: asked.excluded.length,
      },
    });
  }
}
