import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { ApprovalRequested, Services } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { TrainedModel } from '../experiment/trained-model';
import { exclusionsOf } from '../four-eyes/exclusions';
import { GovernedChangeRepository } from '../four-eyes/governed-change.repository';
import type { Run } from '../runs/run';
import type { TrainingTables } from '../training-tables';
import type { ApprovalRequestCopy, ModelVersion } from './model-version';
import { AliasRepository, ApprovalRequestRepository } from './model.repository';

/** Asks governance whether an alias may move to a version that was just registered. */
@Injectable()
export class OpenApproval {
  constructor(
    private readonly aliases: AliasRepository,
    private readonly requests: ApprovalRequestRepository,
    private readonly changes: GovernedChangeRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async open(
    unit: UnitOfWork<TrainingTables>,
    run: Run,
    version: ModelVersion,
    trained: TrainedModel,
    alias: string,
  ): Promise<ApprovalRequestCopy> {
    const { project, model } = version;
    const champion = await this.aliases.lock(unit, project, model, alias);
    const request: ApprovalRequestCopy = {
      requestId: newId(this.clock.now()),
      project,
      model,
      version: version.version,
      digest: version.digest,
      alias,
      replaces: champion?.digest ?? null,
      runId: run.id,
      state: 'open',
      voidCode: null,
      openedAt: this.clock.iso(),
      decidedAt: null,
    };
    await this.requests.add(unit, request);
    const startedBy = (Services as readonly string[]).includes(run.startedBy) ? null : run.startedBy;
    const changes = await this.changes.changes(unit, {
      project,
      pipeline: run.pipeline,
      dataset: run.dataset,
      model,
    });
    this.outbox.publish(unit, ApprovalRequested, {
      subject: `${project}/${model}`,
      project,
      correlation: run.correlation,
      actor: run.startedBy,
      payload: {
        requestId: request.requestId,
        model,
        version: version.version,
        digest: version.digest,
        alias,
        replaces: request.replaces,
        runId: run.id,
        evaluationDigest: trained.evaluationDigest,
        trigger: run.trigger,
        retrainId: run.retrainId,
        figures: gateFigures(trained),
        sensitiveInputs: [...trained.sensitiveInputs],
        comparison: comparisonWith(request.replaces, trained),
        excluded: exclusionsOf(startedBy, changes, champion?.movedAt ?? null),
      },
    });
    this.audit.record(unit, callerOfService('training', run.correlation, project), {
      action: 'approval.request',
      object: { kind: 'approval-request', id: request.requestId },
      project,
      details: {
        model,
        version: version.version,
        digest: version.digest,
        alias,
        replaces: request.replaces,
        run: run.id,
      },
    });
    return request;
  }
}

/** Hold-out figures; the parity ratio over hold-out and out-of-fold predictions together. */
function gateFigures(trained: TrainedModel): Record<string, number | null> {
  return {
    ...trained.metrics,
    rows: trained.holdOut.rows,
    positives: trained.holdOut.positives,
    demographicParityRatio: trained.fairness.demographicParityRatio,
    equalizedOddsDifference: trained.fairness.equalizedOddsDifference,
    fairnessRows: trained.fairness.rows,
  };
}

/** A comparison with a champion that was replaced while the run was at work says nothing about the present one. */
function comparisonWith(replaces: string | null, { comparison }: TrainedModel) {
  return comparison !== null && comparison.champion === replaces ? { ...comparison.figures } : null;
}
