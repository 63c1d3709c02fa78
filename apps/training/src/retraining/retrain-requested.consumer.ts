import { Injectable } from '@nestjs/common';
import { callerFromEvent } from '@steward/access';
import { RetrainRequested } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { TrainingTables } from '../training-tables';
import { AcceptRetrain } from './accept-retrain';

/** A monitor's alert asks for retraining. */
@Injectable()
export class RetrainRequestedConsumer extends EventConsumer<typeof RetrainRequested, TrainingTables> {
  readonly event = RetrainRequested;

  constructor(private readonly accept: AcceptRetrain) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof RetrainRequested>,
    unit: UnitOfWork<TrainingTables>,
  ): Promise<HandlerResult> {
    if (event.project === null) return handled.deadLetter('A retrain request belongs to a project.');
    const { payload } = event;
    const kept = await this.accept.accept(unit, callerFromEvent(event), {
      retrainId: payload.retrainId,
      project: event.project,
      model: payload.model,
      modelVersion: payload.modelVersion,
      alertId: payload.alertId,
      dataset: payload.dataset,
      windowId: payload.windowId,
      windowRows: payload.windowRows,
      membersDigest: payload.membersDigest,
      minimumRows: payload.minimumLabelledRows,
      labelledRows: 0,
      checkedVersion: null,
      state: 'waiting_for_outcomes',
      reason: null,
      runId: null,
      actor: event.actor,
      correlation: event.correlation,
      requestedAt: event.time,
      changedAt: event.time,
    });
    return kept ? handled.ok : handled.drop('This retrain request is known already.');
  }
}
