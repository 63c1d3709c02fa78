import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import type { GovernanceTables } from '../governance-tables';
import { NotificationRepository, OpenMatters } from './notification.repository';
import { Webhook } from './webhook';

const DAY_MS = 86_400_000;
/** So long what is settled stays to be looked at. */
const KEPT_DAYS = 90;

/** Puts what waits for people into the outbox, once each, and settles what does not wait any more. */
@Injectable()
export class FollowMatters extends RepeatedTask {
  protected readonly pauseMs = 2_000;

  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly matters: OpenMatters,
    private readonly notifications: NotificationRepository,
    private readonly webhook: Webhook,
    private readonly clock: Clock,
  ) {
    super();
  }

  async work(): Promise<void> {
    const now = this.clock.iso();
    const open = await this.matters.all(now);
    const state = this.webhook.host === null ? 'shown' : 'waiting';
    await this.database.transaction((unit) => this.notifications.follow(unit, open, state, now));
    const before = new Date(this.clock.now() - KEPT_DAYS * DAY_MS).toISOString();
    await this.notifications.deleteSettledBefore(before);
  }
}
