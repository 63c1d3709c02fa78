import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { notificationNotFound } from './notification';
import { NotificationRepository } from './notification.repository';

/** A person has a dead notification delivered again, from the first try on. */
@Injectable()
export class RetryNotification {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly notifications: NotificationRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async execute(caller: Caller, project: string, id: string): Promise<void> {
    if (!(await this.notifications.find(project, id))) throw notificationNotFound(id);
    await this.database.transaction(async (unit) => {
      if (!(await this.notifications.revive(unit, id, this.clock.iso())))
        throw errors.conflict(
          'GOVERNANCE.NOTIFICATION_NOT_DEAD',
          'Only a notification that is dead is sent again.',
        );
      this.audit.record(unit, caller, {
        action: 'notification.retry',
        object: { kind: 'notification', id },
        project,
      });
    });
  }
}
