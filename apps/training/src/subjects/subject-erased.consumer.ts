import { Injectable } from '@nestjs/common';
import { SubjectErased } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { projectOf, SubjectTasks, SubjectWorker } from '@steward/subjects';
import { ModelFlagRepository } from './model-flag.repository';

/** Ingestion erased a subject and says where its rows were: the models that learnt from them are flagged. */
@Injectable()
export class SubjectErasedConsumer extends EventConsumer<typeof SubjectErased.ingestion> {
  readonly event = SubjectErased.ingestion;

  constructor(
    private readonly flags: ModelFlagRepository,
    private readonly tasks: SubjectTasks,
    private readonly worker: SubjectWorker,
  ) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof SubjectErased.ingestion>,
    unit: UnitOfWork,
  ): Promise<HandlerResult> {
    const { requestId, pseudonym, appearances } = event.payload;
    const project = projectOf(event);
    const models = await this.flags.trainedOn(project, appearances);
    if (models.length > 0) await this.flags.flag(unit, project, requestId, 'erasure', models);
    const { actor, correlation } = event;
    await this.tasks.add(unit, {
      kind: 'erase',
      requestId,
      pseudonym,
      project,
      recipientKey: null,
      payload: { appearances },
      actor,
      correlation,
    });
    unit.afterCommit(() => this.worker.wake());
    return handled.ok;
  }
}
