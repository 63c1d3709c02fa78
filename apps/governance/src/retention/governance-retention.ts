import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { Database, type UnitOfWork } from '@steward/database';
import {
  RetentionParticipation,
  rowsPart,
  type RetentionJournal,
  type RetentionPart,
  type RunOrder,
} from '@steward/subjects';
import { OWN_CLASSES, OwnOldRowsRepository, type OwnClass } from './own-old-rows.repository';

/** Rows that go in one transaction. */
const AT_ONCE = 5_000;

/** What governance itself deletes by age, by the same orders as the other services. */
@Injectable()
export class GovernanceRetention extends RetentionParticipation {
  readonly classes = OWN_CLASSES;

  constructor(
    private readonly database: Database,
    private readonly old: OwnOldRowsRepository,
    private readonly artifacts: ArtifactStore,
  ) {
    super();
  }

  async count(order: RunOrder): Promise<readonly RetentionPart[]> {
    const found = await this.old.count(order.class as OwnClass, order);
    return rowsPart(order, order.class, order.project, found);
  }

  async delete(order: RunOrder, journal: RetentionJournal): Promise<void> {
    for (let items = AT_ONCE; items === AT_ONCE;) {
      items = await this.database.transaction(async (unit) => {
        // The files first: after a crash their rows still say that they are to go.
        if (order.class === 'reports') await this.deleteFiles(unit, order);
        const gone = await this.old.delete(unit, order.class as OwnClass, order, AT_ONCE);
        for (const part of rowsPart(order, order.class, order.project, gone)) await journal.add(unit, part);
        return gone.items;
      });
    }
  }

  private async deleteFiles(unit: UnitOfWork, order: RunOrder): Promise<void> {
    for (const digest of await this.old.reportFiles(unit, order, AT_ONCE))
      await this.artifacts.delete(digest);
  }
}
