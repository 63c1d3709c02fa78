import { Injectable } from '@nestjs/common';
import { Gauge, register } from 'prom-client';
import { DeliveryStates } from './notification';
import { NotificationRepository } from './notification.repository';

/** How many notifications wait for the webhook, were delivered, or are dead. */
@Injectable()
export class NotificationMetrics {
  constructor(notifications: NotificationRepository) {
    const name = 'steward_governance_notifications';
    // Metrics live in one registry per process; several applications in one test process share them.
    if (register.getSingleMetric(name)) return;
    void new Gauge({
      name,
      help: 'Notifications by the state of their delivery.',
      labelNames: ['state'],
      async collect() {
        const counts = await notifications.counts().catch(() => null);
        if (counts === null) return;
        for (const state of DeliveryStates)
          this.set({ state }, counts.find((each) => each.state === state)?.notifications ?? 0);
      },
    });
  }
}
