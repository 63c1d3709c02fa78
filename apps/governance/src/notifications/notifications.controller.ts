import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { ZodQuery } from '@steward/service';
import { z } from 'zod';
import { DeliveryStates, MatterKinds } from './notification';
import { NotificationRepository } from './notification.repository';
import { RetryNotification } from './retry-notification';
import { Webhook } from './webhook';

const Page = z.object({
  state: z.enum(DeliveryStates).optional(),
  kind: z.enum(MatterKinds).optional(),
  open: z.enum(['true', 'false']).default('false'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().min(1).max(200).optional(),
});

/** What waits for people, and how telling the webhook of it went. */
@ApiTags('Notifications')
@Controller('v1/projects/:project/notifications')
export class NotificationsController {
  constructor(
    private readonly notifications: NotificationRepository,
    private readonly retrying: RetryNotification,
    private readonly webhook: Webhook,
  ) {}

  @Get()
  @Can('read', 'Notification')
  @ApiOperation({ summary: 'Notifications, newest first; `open=true`: what waits for people still' })
  async list(@Param('project') project: string, @ZodQuery(Page) page: z.output<typeof Page>) {
    const { limit } = page;
    const items = await this.notifications.list({
      project,
      limit,
      state: page.state ?? null,
      kind: page.kind ?? null,
      open: page.open === 'true',
      after: page.after ?? null,
    });
    const next = items.length === limit ? items.at(-1)!.id : null;
    return { items, next, webhook: this.webhook.host };
  }

  @Post(':id/retry')
  @HttpCode(204)
  @Can('replay', 'Notification')
  @ApiOperation({ summary: 'Has a dead notification delivered again' })
  retry(@FromCaller() caller: Caller, @Param('project') project: string, @Param('id') id: string) {
    return this.retrying.execute(caller, project, id);
  }
}
