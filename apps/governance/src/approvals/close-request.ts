import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { ApprovalDecided } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalRepository } from './approval.repository';
import type { ApprovalRequest, Decision } from './approval-request';

/** The end of a request: its state, its event, its audit entry. The decision names exactly what was asked for. */
@Injectable()
export class CloseRequest {
  constructor(
    private readonly requests: ApprovalRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async close(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    request: ApprovalRequest,
    state: 'granted' | 'rejected' | 'expired',
    counted: readonly Decision[] = [],
  ): Promise<void> {
    const { id, project, model, version, digest, alias, replaces, correlation } = request;
    await this.requests.close(unit, id, state, this.clock.iso());
    const approvers = counted.filter(({ kind }) => kind === 'approve').map(({ person }) => person);
    const waivers = counted.flatMap(({ gate, person }) => (gate === null ? [] : [{ gate, person }]));
    this.outbox.publish(unit, ApprovalDecided, {
      subject: `${project}/${model}`,
      project,
      correlation,
      actor: caller.principal.id,
      payload: {
        requestId: id,
        decision: state,
        model,
        version,
        digest,
        alias,
        replaces,
        approvers,
        waivers,
      },
    });
    const action = { granted: 'grant', rejected: 'refuse', expired: 'expire' }[state];
    this.audit.record(
      unit,
      { ...caller, correlation },
      {
        action: `approval.${action}`,
        object: { kind: 'approval-request', id },
        project,
        details: {
          model,
          version,
          digest,
          alias,
          replaces,
          approvers: approvers.length,
          waivers: waivers.length,
        },
      },
    );
  }
}
