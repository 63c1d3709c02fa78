import { Injectable } from '@nestjs/common';
import { AuditTrail, callerFromEvent, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { AppError, Clock, isRetriable } from '@steward/kernel';
import { DatasetVersionRepository } from '../datasets/dataset-version.repository';
import type { DatasetVersionCopy } from '../datasets/dataset-copies';
import { ModelRepository } from '../registry/model.repository';
import { StartRun, type RunSubject } from '../runs/start-run';
import type { TrainingTables } from '../training-tables';
import { AnnounceDecline } from './announce-decline';
import type { RetrainRequest } from './retrain-request';
import { RetrainRepository } from './retrain.repository';
import { WindowRows } from './window-rows.port';

/** Looks at a waiting request: starts its run when the newest dataset version holds enough labelled rows of its window. */
@Injectable()
export class CheckRetrain {
  constructor(
    private readonly database: Database<TrainingTables>,
    private readonly retrains: RetrainRepository,
    private readonly versions: DatasetVersionRepository,
    private readonly models: ModelRepository,
    private readonly rows: WindowRows,
    private readonly startRun: StartRun,
    private readonly declines: AnnounceDecline,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Throws only what may pass (something is away); any other fault declines the request with its code. */
  async check(retrainId: string): Promise<void> {
    const request = await this.retrains.find(retrainId);
    if (request?.state !== 'waiting_for_outcomes') return;
    try {
      await this.look(request);
    } catch (error) {
      if (isRetriable(error) || !AppError.is(error)) throw error;
      await this.settle(request, (unit, caller) => this.decline(unit, caller, request, error.code));
    }
  }

  private async look(request: RetrainRequest): Promise<void> {
    const version = await this.versions.newest(request.project, request.dataset);
    if (!version) return;
    const labelledRows = await this.rows.count(version, request.membersDigest);
    const seen = { labelledRows, checkedVersion: version.version, changedAt: this.clock.iso() };
    if (labelledRows < request.minimumRows) {
      await this.settle(request, (unit) => this.retrains.change(unit, request.retrainId, seen));
      return;
    }
    const subject = await this.subjectOf(request, version);
    await this.settle(request, async (unit, caller) => {
      const run = await this.startRun.within(unit, caller, subject);
      await this.retrains.change(unit, request.retrainId, { ...seen, state: 'training', runId: run.id });
    });
  }

  /** The pipeline that made the model version that alarmed, as it stands now, on the version that was counted. */
  private async subjectOf(request: RetrainRequest, version: DatasetVersionCopy): Promise<RunSubject> {
    const model = await this.models.require(request.project, request.model, request.modelVersion);
    const subject = await this.startRun.subject(request.project, model.descriptor.pipeline, version.version);
    return { ...subject, retrainId: request.retrainId };
  }

  private async decline(
    unit: UnitOfWork<TrainingTables>,
    caller: Caller,
    request: RetrainRequest,
    reason: string,
  ): Promise<void> {
    await this.retrains.change(unit, request.retrainId, {
      state: 'declined',
      reason,
      changedAt: this.clock.iso(),
    });
    this.declines.announce(unit, caller, request, reason);
    this.audit.record(unit, caller, {
      action: 'retrain.decline',
      object: { kind: 'retrain-request', id: request.retrainId },
      project: request.project,
      outcome: 'refused',
      details: { model: request.model, reason },
    });
  }

  /** Does the work if the request still waits: two checks at once start one run. */
  private async settle(
    request: RetrainRequest,
    work: (unit: UnitOfWork<TrainingTables>, caller: Caller) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (unit) => {
      const now = await this.retrains.lock(unit, request.retrainId);
      if (now?.state !== 'waiting_for_outcomes') return;
      await work(unit, callerFromEvent(request));
    });
  }
}
