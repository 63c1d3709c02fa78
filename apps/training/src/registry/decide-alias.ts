import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { AliasChanged, ApprovalVoided } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock, errors, isId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { AnnounceDecline } from '../retraining/announce-decline';
import { RetrainRepository } from '../retraining/retrain.repository';
import type { TrainingTables } from '../training-tables';
import { judgeDecision, type Decision } from './judge-decision';
import type { Alias, ApprovalRequestCopy } from './model-version';
import { AliasRepository, ApprovalRequestRepository, ModelRepository } from './model.repository';

export interface ApprovalDecision extends Decision {
  readonly requestId: string;
  readonly approvers: readonly string[];
}

/** Carries out what governance decided: the only way in which an alias ever moves. */
@Injectable()
export class DecideAlias {
  constructor(
    private readonly requests: ApprovalRequestRepository,
    private readonly aliases: AliasRepository,
    private readonly models: ModelRepository,
    private readonly retrains: RetrainRepository,
    private readonly declines: AnnounceDecline,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async decide(unit: UnitOfWork<TrainingTables>, caller: Caller, decision: ApprovalDecision): Promise<void> {
    const { project, model, alias, requestId } = decision;
    const current = await this.aliases.lock(unit, project, model, alias);
    // What is no UUID cannot be one of ours; asking the database for it would be an error.
    const request = isId(requestId) ? await this.requests.lock(unit, requestId) : null;
    const verdict = judgeDecision(decision, request, current);
    switch (verdict.kind) {
      case 'ignore':
        return;
      case 'close':
        await this.close(unit, requestId, verdict.state, null);
        this.record(unit, caller, decision, 'approval.close', { state: verdict.state });
        return;
      case 'void':
        if (request) await this.close(unit, requestId, 'voided', verdict.code);
        this.void(unit, caller, decision, verdict.code, current);
        return;
      case 'move':
        await this.move(unit, caller, decision, request!, current);
    }
  }

  private async move(
    unit: UnitOfWork<TrainingTables>,
    caller: Caller,
    decision: ApprovalDecision,
    request: ApprovalRequestCopy,
    current: Alias | null,
  ): Promise<void> {
    const { project, model, alias, requestId, approvers } = decision;
    const version = await this.models.require(project, model, request.version, unit);
    const previous = current && (await this.models.require(project, model, current.version, unit));
    await this.aliases.move(unit, project, model, {
      alias,
      version: version.version,
      digest: version.digest,
      requestId,
      movedAt: this.clock.iso(),
      previousVersion: current?.version ?? null,
      previousDigest: current?.digest ?? null,
      approvers,
    });
    await this.close(unit, requestId, 'granted', null);
    this.outbox.publish(unit, AliasChanged, {
      ...envelope(caller, decision),
      payload: {
        alias,
        descriptor: version.descriptor,
        previous: previous && {
          version: previous.version,
          digest: previous.digest,
          referenceDigest: previous.descriptor.referenceDigest,
        },
        requestId,
        approvers: [...approvers],
      },
    });
    this.record(unit, caller, decision, 'alias.move', {
      version: version.version,
      digest: version.digest,
      previous: current?.digest ?? null,
      approvers: approvers.length,
    });
    await this.declineRetraining(unit, caller, decision);
  }

  /** A request that still waits was about the champion that is no more; monitoring will ask again where it must. */
  private async declineRetraining(
    unit: UnitOfWork<TrainingTables>,
    caller: Caller,
    { project, model }: ApprovalDecision,
  ): Promise<void> {
    const reason = 'TRAINING.CHAMPION_CHANGED';
    const at = this.clock.iso();
    const retrainId = await this.retrains.declineWaiting(unit, { project, model }, { reason, at });
    if (retrainId === null) return;
    this.declines.announce(unit, caller, { retrainId, project, model }, reason);
    this.audit.record(unit, caller, {
      action: 'retrain.decline',
      object: { kind: 'retrain-request', id: retrainId },
      project,
      outcome: 'refused',
      details: { model, reason },
    });
  }

  private void(
    unit: UnitOfWork<TrainingTables>,
    caller: Caller,
    decision: ApprovalDecision,
    code: string,
    current: Alias | null,
  ): void {
    this.outbox.publish(unit, ApprovalVoided, {
      ...envelope(caller, decision),
      payload: { requestId: decision.requestId, model: decision.model, code },
    });
    this.record(unit, caller, decision, 'alias.move', { code, champion: current?.digest ?? null }, 'refused');
  }

  private async close(
    unit: UnitOfWork<TrainingTables>,
    requestId: string,
    state: 'granted' | 'rejected' | 'expired' | 'voided',
    voidCode: string | null,
  ): Promise<void> {
    await this.requests.close(unit, requestId, { state, voidCode, decidedAt: this.clock.iso() });
  }

  private record(
    unit: UnitOfWork<TrainingTables>,
    caller: Caller,
    decision: ApprovalDecision,
    action: string,
    details: Record<string, string | number | null>,
    outcome: 'done' | 'refused' = 'done',
  ): void {
    this.audit.record(unit, caller, {
      action,
      object: { kind: 'model-alias', id: `${decision.model}@${decision.alias}` },
      project: decision.project,
      outcome,
      details: { request: decision.requestId, ...details },
    });
  }
}

/** What everybody gets who tries to point an alias somewhere by hand. */
export function aliasProtected(model: string, alias: string) {
  return errors.forbidden(
    'TRAINING.ALIAS_PROTECTED',
    `Alias ${alias} of model ${model} moves only by an approval that governance grants: train a version, and have its ` +
      'approval request approved.',
    { details: { model, alias } },
  );
}

function envelope(caller: Caller, decision: ApprovalDecision) {
  return {
    subject: `${decision.project}/${decision.model}`,
    project: decision.project,
    correlation: caller.correlation,
    actor: caller.principal.id,
  };
}
