import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { ApprovalVoided } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { TrainingTables } from '../training-tables';
import { ApprovalRequestRepository } from './model.repository';

const CODE = 'TRAINING.CANARY_ROLLED_BACK';

/** A canary went back while its promotion was waited for: the open request falls. */
@Injectable()
export class WithdrawPromotion {
  constructor(
    private readonly requests: ApprovalRequestRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async execute(
    unit: UnitOfWork<TrainingTables>,
    caller: Caller,
    of: { project: string; model: string; version: number },
  ): Promise<void> {
    const { project, model, version } = of;
    const open = await this.requests.lockOpen(unit, { ...of, alias: 'champion' });
    if (!open) return;
    const { requestId } = open;
    await this.requests.close(unit, requestId, {
      state: 'voided',
      voidCode: CODE,
      decidedAt: this.clock.iso(),
    });
    this.outbox.publish(unit, ApprovalVoided, {
      subject: `${project}/${model}`,
      project,
      correlation: caller.correlation,
      actor: caller.principal.id,
      payload: { requestId, model, code: CODE },
    });
    this.audit.record(unit, caller, {
      action: 'approval.withdraw',
      object: { kind: 'approval-request', id: requestId },
      project,
      details: { model, version, code: CODE },
    });
  }
}
