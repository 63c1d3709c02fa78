import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_NAME } from '@steward/access';
import { ObjectStore } from '@steward/artifacts';
import { ErasureRequested, SubjectDataCollected, SubjectDataRequested } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { errors } from '@steward/kernel';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { sealedPartPath } from './do-subject-task';
import type { SubjectTables } from './subject-tables';
import { SubjectTasks } from './subject-tasks';
import { SubjectWorker } from './subject-worker';

/** An order about a subject belongs to a project; one without stops the topic, which may not skip. */
export function projectOf({ project }: { readonly project: string | null }): string {
  if (project !== null) return project;
  throw errors.invalid('SUBJECTS.NO_PROJECT', 'What is ordered about a data subject belongs to a project.');
}

/** Governance ordered an erasure. */
@Injectable()
export class ErasureRequestedConsumer extends EventConsumer<typeof ErasureRequested, SubjectTables> {
  readonly event = ErasureRequested;

  constructor(
    private readonly tasks: SubjectTasks,
    private readonly worker: SubjectWorker,
  ) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof ErasureRequested>,
    unit: UnitOfWork<SubjectTables>,
  ): Promise<HandlerResult> {
    const { actor, correlation } = event;
    await this.tasks.add(unit, {
      ...event.payload,
      kind: 'erase',
      project: projectOf(event),
      recipientKey: null,
      payload: {},
      actor,
      correlation,
    });
    unit.afterCommit(() => this.worker.wake());
    return handled.ok;
  }
}

/** Governance gathers what is held on a subject. */
@Injectable()
export class SubjectDataRequestedConsumer extends EventConsumer<typeof SubjectDataRequested, SubjectTables> {
  readonly event = SubjectDataRequested;

  constructor(
    private readonly tasks: SubjectTasks,
    private readonly worker: SubjectWorker,
  ) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof SubjectDataRequested>,
    unit: UnitOfWork<SubjectTables>,
  ): Promise<HandlerResult> {
    const { actor, correlation } = event;
    await this.tasks.add(unit, {
      ...event.payload,
      kind: 'gather',
      project: projectOf(event),
      payload: {},
      actor,
      correlation,
    });
    unit.afterCommit(() => this.worker.wake());
    return handled.ok;
  }
}

/** A gathering is over: its sealed part goes. */
@Injectable()
export class SubjectDataCollectedConsumer extends EventConsumer<typeof SubjectDataCollected, SubjectTables> {
  readonly event = SubjectDataCollected;

  constructor(
    @Inject(SERVICE_NAME) private readonly service: string,
    private readonly objects: ObjectStore,
  ) {
    super();
  }

  async handle(event: IncomingEvent<typeof SubjectDataCollected>): Promise<HandlerResult> {
    const folder = sealedPartPath(event.payload.requestId, this.service);
    for (const path of await this.objects.list(folder)) await this.objects.delete(path);
    return handled.ok;
  }
}
