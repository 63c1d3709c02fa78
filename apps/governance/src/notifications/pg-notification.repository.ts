import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { newId } from '@steward/kernel';
import { sql, type Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import type { DeliveryState, Notification, OpenMatter } from './notification';
import { NotificationRepository, type NotificationPage } from './notification.repository';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgNotificationRepository extends NotificationRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async follow(unit: Unit, matters: readonly OpenMatter[], state: DeliveryState, now: string): Promise<void> {
    const given = matters.map((matter) => ({ ...matter, id: newId(Date.parse(now)) }));
    await sql`
      INSERT INTO notifications (id, project, kind, object_id, stage, summary, roles, people, page, due_at, created_at,
        state, next_at)
      SELECT id, project, kind, "objectId", stage, summary, ARRAY(SELECT jsonb_array_elements_text(roles)),
        ARRAY(SELECT jsonb_array_elements_text(people)), page, "dueAt", ${now}, ${state}, ${now}
      FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS given (id text, project text, kind text,
        "objectId" text, stage text, summary text, roles jsonb, people jsonb, page text, "dueAt" timestamptz)
      ORDER BY id
      ON CONFLICT (kind, object_id, stage) DO NOTHING`.execute(unit.tx);
    const open = JSON.stringify(matters.map(({ kind, objectId }) => ({ kind, objectId })));
    await sql`
      UPDATE notifications SET settled_at = ${now}
      WHERE settled_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM jsonb_to_recordset(${open}::jsonb) AS open (kind text, "objectId" text)
        WHERE open.kind = notifications.kind AND open."objectId" = notifications.object_id)`.execute(unit.tx);
  }

  async claim(now: string, leaseUntil: string, most: number): Promise<Notification[]> {
    const { rows } = await sql<Selectable<GovernanceTables['notifications']>>`
      UPDATE notifications SET next_at = ${leaseUntil}
      WHERE id IN (SELECT id FROM notifications WHERE state = 'waiting' AND next_at <= ${now}
        ORDER BY next_at, id LIMIT ${most} FOR UPDATE SKIP LOCKED)
      RETURNING *`.execute(this.database.kysely);
    return rows.map(toNotification).toSorted((left, right) => left.id.localeCompare(right.id));
  }

  async delivered(id: string, at: string): Promise<void> {
    await this.database.kysely
      .updateTable('notifications')
      .set((row) => ({
        state: 'delivered',
        delivered_at: at,
        fault: null,
        attempts: row('attempts', '+', 1),
      }))
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .execute();
  }

  async refused(unit: Unit, id: string, fault: string, nextAt: string | null): Promise<void> {
    await unit.tx
      .updateTable('notifications')
      .set((row) => ({
        fault,
        attempts: row('attempts', '+', 1),
        ...(nextAt === null ? { state: 'dead' as const } : { next_at: nextAt }),
      }))
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .execute();
  }

  async find(project: string, id: string): Promise<Notification | null> {
    const row = await this.database.kysely
      .selectFrom('notifications')
      .selectAll()
      .where('project', '=', project)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toNotification(row) : null;
  }

  async revive(unit: Unit, id: string, now: string): Promise<boolean> {
    const { numUpdatedRows } = await unit.tx
      .updateTable('notifications')
      .set({ state: 'waiting', attempts: 0, next_at: now, fault: null })
      .where('id', '=', id)
      .where('state', '=', 'dead')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async list({ project, state, kind, open, limit, after }: NotificationPage): Promise<Notification[]> {
    let query = this.database.kysely.selectFrom('notifications').selectAll().where('project', '=', project);
    if (state !== null) query = query.where('state', '=', state);
    if (kind !== null) query = query.where('kind', '=', kind);
    if (open) query = query.where('settled_at', 'is', null);
    if (after !== null) query = query.where('id', '<', after);
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(toNotification);
  }

  async counts(): Promise<{ state: DeliveryState; notifications: number }[]> {
    const rows = await this.database.kysely
      .selectFrom('notifications')
      .select((row) => ['state', row.fn.countAll<string>().as('notifications')])
      .groupBy('state')
      .execute();
    return rows.map(({ state, notifications }) => ({ state, notifications: Number(notifications) }));
  }

  async deleteSettledBefore(moment: string): Promise<void> {
    await this.database.kysely
      .deleteFrom('notifications')
      .where('settled_at', '<', new Date(moment))
      .where('state', '<>', 'waiting')
      .execute();
  }
}

function toNotification(row: Selectable<GovernanceTables['notifications']>): Notification {
  const time = (moment: Date | null): string | null => moment?.toISOString() ?? null;
  return {
    id: row.id,
    project: row.project,
    kind: row.kind,
    objectId: row.object_id,
    stage: row.stage,
    summary: row.summary,
    roles: row.roles,
    people: row.people,
    page: row.page,
    dueAt: time(row.due_at),
    createdAt: row.created_at.toISOString(),
    settledAt: time(row.settled_at),
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at.toISOString(),
    fault: row.fault ?? null,
    deliveredAt: time(row.delivered_at),
  };
}
