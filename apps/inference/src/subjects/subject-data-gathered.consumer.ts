import { Injectable } from '@nestjs/common';
import { SubjectDataGathered } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { projectOf, SubjectTasks, SubjectWorker } from '@steward/subjects';

/** Ingestion gathered what it holds on a subject and says which decisions there were: inference explains them. */
@Injectable()
export class SubjectDataGatheredConsumer extends EventConsumer<typeof SubjectDataGathered.ingestion> {
  readonly event = SubjectDataGathered.ingestion;

  constructor(
    private readonly tasks: SubjectTasks,
    private readonly worker: SubjectWorker,
  ) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof SubjectDataGathered.ingestion>,
    unit: UnitOfWork,
  ): Promise<HandlerResult> {
    const { requestId, pseudonym, recipientKey, decisions = [], moreDecisions = 0 } = event.payload;
    if (recipientKey === undefined)
      return handled.drop('An answer from before decisions were explained: it was answered then.');
    const { actor, correlation } = event;
    await this.tasks.add(unit, {
      kind: 'gather',
      requestId,
      pseudonym,
      project: projectOf(event),
      recipientKey,
      payload: { decisions, moreDecisions },
      actor,
      correlation,
    });
    unit.afterCommit(() => this.worker.wake());
    return handled.ok;
  }
}
