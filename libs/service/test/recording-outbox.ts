import { Injectable } from '@nestjs/common';
import type { JsonEventDefinition } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { newId } from '@steward/kernel';
import { Outbox, type OutgoingEvent } from '@steward/messaging';
import type { Kysely } from 'kysely';

/** An outbox that keeps events in memory, checked against their schema as the real one does. */
@Injectable()
export class RecordingOutbox extends Outbox {
  readonly events: { type: string; topic: string; event: OutgoingEvent<JsonEventDefinition> }[] = [];

  publish<Definition extends JsonEventDefinition>(
    _unit: UnitOfWork,
    definition: Definition,
    event: OutgoingEvent<Definition>,
  ): string {
    definition.schema.parse(event.payload);
    this.events.push({
      type: definition.type,
      topic: definition.topic.name,
      event,
    });
    return newId();
  }
}

/** A database without tables: transactions run their work and nothing else. */
@Injectable()
export class RecordingDatabase extends Database {
  get kysely(): Kysely<unknown> {
    throw new Error('There is no database in this test.');
  }

  async transaction<Result>(work: (unit: UnitOfWork) => Promise<Result>): Promise<Result> {
    const after: (() => void | Promise<void>)[] = [];
    const unit = {
      tx: undefined,
      beforeCommit: () => undefined,
      afterCommit: (hook: () => void | Promise<void>) => void after.push(hook),
    } as unknown as UnitOfWork;
    const result = await work(unit);
    for (const hook of after) await hook();
    return result;
  }
}
