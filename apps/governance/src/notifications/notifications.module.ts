import type { ModuleMetadata } from '@nestjs/common';
import { DeliverNotifications } from './deliver-notifications';
import { FollowMatters } from './follow-matters';
import { HttpWebhook } from './http-webhook';
import { NotificationMetrics } from './notification.metrics';
import { NotificationRepository, OpenMatters } from './notification.repository';
import { NotificationsController } from './notifications.controller';
import { PgNotificationRepository } from './pg-notification.repository';
import { PgOpenMatters } from './pg-open-matters';
import { RetryNotification } from './retry-notification';
import { Webhook, type WebhookSettings } from './webhook';

/** Notifications: the part of the application's module that is theirs. `webhook` undefined: they are shown alone. */
export const notifications = (webhook: WebhookSettings | undefined) =>
  ({
    controllers: [NotificationsController],
    providers: [
      { provide: Webhook, useFactory: () => new HttpWebhook(webhook) },
      { provide: OpenMatters, useClass: PgOpenMatters },
      { provide: NotificationRepository, useClass: PgNotificationRepository },
      FollowMatters,
      DeliverNotifications,
      RetryNotification,
      NotificationMetrics,
    ],
  }) satisfies ModuleMetadata;
