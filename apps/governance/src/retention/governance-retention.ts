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
/** Fewer of those with files: meanwhile no report can be issued, and a transaction that idles for a minute is ended. */
const REPORTS_AT_ONCE = 50;

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
    const atOnce = order.class === 'reports' ? REPORTS_AT_ONCE : AT_ONCE;
    for (let items = atOnce; items === atOnce;) {
      items = await this.database.transaction(async (unit) => {
        // The files first: after a crash their rows still say that they are to go.
        if (order.class === 'reports') await this.deleteFiles(unit, order, atOnce);
        const gone = await this.old.delete(unit, order.class as OwnClass, order, atOnce);
        for (const part of rowsPart(order, order.class, order.project, gone)) await journal.add(unit, part);
        return gone.items;
      });
    }
  }

  private async deleteFiles(unit: UnitOfWork, order: RunOrder, limit: number): Promise<void> {
    for (const digest of await this.old.reportFiles(unit, order, limit)) await this.artifacts.delete(digest);
  }
}
