import { Injectable } from '@nestjs/common';
import { AuditTrail, callerOfService } from '@steward/access';
import { Database } from '@steward/database';
import { AppError, Clock, newId } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import type { GovernanceTables } from '../governance-tables';
import { MOST_ATTEMPTS, waitAfter, type Notification } from './notification';
import { NotificationRepository } from './notification.repository';
import { Webhook } from './webhook';

const AT_ONCE = 10;
/** Longer than a round of tries takes; whoever dies meanwhile leaves them to the next one. */
const LEASE_MS = 120_000;

/** Delivers what waits for the webhook: at least once each, with a back-off, and dead after the last try. */
@Injectable()
export class DeliverNotifications extends RepeatedTask {
  protected readonly pauseMs = 1_000;

  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly notifications: NotificationRepository,
    private readonly webhook: Webhook,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {
    super();
  }

  async work(): Promise<void> {
    if (this.webhook.host === null) return;
    const lease = new Date(this.clock.now() + LEASE_MS).toISOString();
    for (const notification of await this.notifications.claim(this.clock.iso(), lease, AT_ONCE))
      await this.deliver(notification);
  }

  private async deliver(notification: Notification): Promise<void> {
    try {
      await this.webhook.send(notification, this.clock.now());
      await this.notifications.delivered(notification.id, this.clock.iso());
    } catch (error) {
      if (!AppError.is(error) || !error.code.startsWith('WEBHOOK.')) throw error;
      await this.refuse(notification, error.code);
    }
  }

  private async refuse({ id, project, kind, attempts }: Notification, fault: string): Promise<void> {
    const tries = attempts + 1;
    const dead = tries >= MOST_ATTEMPTS;
    const nextAt = dead ? null : new Date(this.clock.now() + waitAfter(tries)).toISOString();
    await this.database.transaction(async (unit) => {
      await this.notifications.refused(unit, id, fault, nextAt);
      if (dead)
        this.audit.record(unit, callerOfService('governance', newId(this.clock.now()), project), {
          action: 'notification.give-up',
          object: { kind: 'notification', id },
          project,
          details: { kind, attempts: tries, fault },
        });
    });
  }
}
