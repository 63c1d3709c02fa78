import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import type { GovernanceTables } from '../governance-tables';
import { OwnOldRowsRepository } from './own-old-rows.repository';

/** Days that reasons and network addresses of entries without a project are kept. */
export const INSTALLATION_NOTE_DAYS = Symbol('INSTALLATION_NOTE_DAYS');
const HOUR_MS = 3_600_000;
/** Notes that go in one transaction. */
const AT_ONCE = 5_000;

/**
 * Deletes what the audit log notes beside entries that belong to no project, and so to no project's retention: the network
 * addresses of logins above all. Of an entry there stays who did what and when, and the salted digest of what was noted.
 */
@Injectable()
export class ForgetInstallationNotes extends RepeatedTask {
  protected readonly pauseMs = HOUR_MS;

  constructor(
    @Inject(INSTALLATION_NOTE_DAYS) private readonly days: number,
    private readonly database: Database<GovernanceTables>,
    private readonly old: OwnOldRowsRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {
    super();
  }

  async work(): Promise<void> {
    const before = new Date(this.clock.now() - this.days * 24 * HOUR_MS).toISOString();
    for (let items = AT_ONCE; items === AT_ONCE;) {
      items = await this.database.transaction(async (unit) => {
        const gone = await this.old.deleteInstallationNotes(unit, before, AT_ONCE);
        if (gone > 0)
          this.audit.record(unit, callerOfService('governance', newId(), null), {
            action: 'audit-notes.expire',
            object: { kind: 'audit-notes', id: 'installation' },
            project: null,
            details: { items: gone, before, days: this.days },
          });
        return gone;
      });
    }
  }
}
