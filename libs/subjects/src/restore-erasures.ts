import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { ErasureList } from './erasure-list';
import type { SubjectTables } from './subject-tables';
import { SubjectTasks } from './subject-tasks';

/**
 * Finds erasures that a restore may have undone, and orders them again: those that stand in the list outside the
 * database and not in it (the database was restored), and those that stand done in it and not in the list (the object
 * store was).
 */
@Injectable()
export class RestoreErasures {
  constructor(
    private readonly list: ErasureList,
    private readonly tasks: SubjectTasks,
    private readonly database: Database<SubjectTables>,
  ) {}

  /** Ids of the erasures that are to be applied again. */
  async execute(service: string): Promise<ReadonlySet<string>> {
    const listed = await this.list.all(service);
    const known = new Map((await this.tasks.erasures()).map((task) => [task.requestId, task]));
    const again = new Set<string>();
    for (const subject of listed) {
      if (known.get(subject.requestId)?.done) continue;
      again.add(subject.requestId);
      if (known.has(subject.requestId)) continue;
      await this.database.transaction((unit) =>
        this.tasks.add(unit, {
          ...subject,
          kind: 'erase',
          recipientKey: null,
          payload: {},
          actor: service,
          correlation: subject.requestId,
        }),
      );
    }
    const inList = new Set(listed.map(({ requestId }) => requestId));
    for (const task of known.values()) {
      if (!task.done || inList.has(task.requestId)) continue;
      await this.database.transaction((unit) => this.tasks.reopen(unit, task.requestId));
      again.add(task.requestId);
    }
    return again;
  }
}
