import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import type { UnitOfWork } from '@steward/database';
import { TrainingQueue } from '../runs/training-queue.port';
import type { TrainingTables } from '../training-tables';
import { AnnounceDecline } from './announce-decline';
import type { RetrainRequest } from './retrain-request';
import { RetrainRepository } from './retrain.repository';

/** Keeps a request for retraining and has it looked at. A second one of a model that has an open one is declined. */
@Injectable()
export class AcceptRetrain {
  constructor(
    private readonly retrains: RetrainRepository,
    private readonly queue: TrainingQueue,
    private readonly declines: AnnounceDecline,
    private readonly audit: AuditTrail,
  ) {}

  /** Returns what was kept, or null if the request is known already. */
  async accept(
    unit: UnitOfWork<TrainingTables>,
    caller: Caller,
    request: RetrainRequest,
  ): Promise<RetrainRequest | null> {
    await this.retrains.lockDataset(unit, request.project, request.dataset);
    const kept = await this.retrains.add(unit, request);
    if (!kept) return null;
    if (kept.state === 'waiting_for_outcomes') await this.queue.queueRetrainCheck(unit, kept.retrainId);
    if (kept.state === 'declined' && kept.reason) this.declines.announce(unit, caller, kept, kept.reason);
    this.audit.record(unit, caller, {
      action: kept.state === 'declined' ? 'retrain.decline' : 'retrain.accept',
      object: { kind: 'retrain-request', id: kept.retrainId },
      project: kept.project,
      outcome: kept.state === 'declined' ? 'refused' : 'done',
      details: {
        model: kept.model,
        alert: kept.alertId,
        window: kept.windowId,
        minimumRows: kept.minimumRows,
        reason: kept.reason,
      },
    });
    return kept;
  }
}
