import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import { RetrainDeclined } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Outbox } from '@steward/messaging';
import type { RetrainRequest } from './retrain-request';

/** Tells monitoring that a request ends without a run, so that it does not wait for one. */
@Injectable()
export class AnnounceDecline {
  constructor(private readonly outbox: Outbox) {}

  announce(
    unit: UnitOfWork,
    caller: Caller,
    { retrainId, project, model }: Pick<RetrainRequest, 'retrainId' | 'project' | 'model'>,
    reason: string,
  ): void {
    this.outbox.publish(unit, RetrainDeclined, {
      subject: `${project}/${model}`,
      project,
      correlation: caller.correlation,
      actor: caller.principal.id,
      payload: { retrainId, model, reason },
    });
  }
}
