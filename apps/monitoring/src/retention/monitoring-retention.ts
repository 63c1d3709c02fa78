import { Injectable } from '@nestjs/common';
import type { RetentionClass } from '@steward/contracts';
import { Database } from '@steward/database';
import {
  RetentionParticipation,
  rowsPart,
  type RetentionJournal,
  type RetentionPart,
  type RunOrder,
} from '@steward/subjects';
import { OldRowRepository, type OldStore } from './old-row.repository';

/** Rows that go in one transaction. */
const AT_ONCE = 5_000;

/** What monitoring deletes by age on order. The reports of windows stay: they hold figures alone. */
@Injectable()
export class MonitoringRetention extends RetentionParticipation {
  readonly classes = ['window-rows', 'held-decisions'] as const satisfies RetentionClass[];

  constructor(
    private readonly database: Database,
    private readonly old: OldRowRepository,
  ) {
    super();
  }

  async count(order: RunOrder): Promise<readonly RetentionPart[]> {
    const parts: RetentionPart[] = [];
    for (const store of storesOf(order.class))
      parts.push(...rowsPart(order, nameOf(store), order.project, await this.old.count(store, order)));
    return parts;
  }

  async delete(order: RunOrder, journal: RetentionJournal): Promise<void> {
    for (const store of storesOf(order.class)) {
      for (let items = AT_ONCE; items === AT_ONCE;) {
        items = await this.database.transaction(async (unit) => {
          const gone = await this.old.delete(unit, store, order, AT_ONCE);
          for (const part of rowsPart(order, nameOf(store), order.project, gone))
            await journal.add(unit, part);
          return gone.items;
        });
      }
    }
  }
}

const storesOf = (retentionClass: RetentionClass): readonly OldStore[] =>
  retentionClass === 'window-rows' ? ['window_row', 'early_outcome'] : ['held_decision'];

const nameOf = (store: OldStore): string => store.replace('_', '-') + 's';
