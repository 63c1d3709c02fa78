import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import type { Kysely, Selectable } from 'kysely';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalFileRepository, DelegationRepository } from './approval.repository';
import type { Comment, Evidence } from './approval-request';
import type { Delegation } from './delegated-standing';

type Unit = UnitOfWork<GovernanceTables>;

@Injectable()
export class PgApprovalFileRepository extends ApprovalFileRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async comment(unit: Unit, requestId: string, { id, person, text, at }: Comment): Promise<void> {
    await unit.tx
      .insertInto('approval_comments')
      .values({ id, request_id: requestId, person, text, at })
      .execute();
  }

  async comments(requestId: string): Promise<Comment[]> {
    const rows = await this.database.kysely
      .selectFrom('approval_comments')
      .select(['id', 'person', 'text', 'at'])
      .where('request_id', '=', requestId)
      .orderBy('id')
      .limit(1_000)
      .execute();
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  async attach(unit: Unit, requestId: string, evidence: Evidence): Promise<boolean> {
    const { digest, title, size, attachedBy, attachedAt } = evidence;
    const added = await unit.tx
      .insertInto('approval_evidence')
      .values({
        request_id: requestId,
        digest,
        title,
        size,
        attached_by: attachedBy,
        attached_at: attachedAt,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('digest')
      .executeTakeFirst();
    return added !== undefined;
  }

  async evidence(requestId: string): Promise<Evidence[]> {
    const rows = await this.database.kysely
      .selectFrom('approval_evidence')
      .selectAll()
      .where('request_id', '=', requestId)
      .orderBy('attached_at')
      .execute();
    return rows.map(({ digest, title, size, attached_by: attachedBy, attached_at: at }) => ({
      digest,
      title,
      size,
      attachedBy,
      attachedAt: at.toISOString(),
    }));
  }
}

@Injectable()
export class PgDelegationRepository extends DelegationRepository {
  constructor(private readonly database: Database<GovernanceTables>) {
    super();
  }

  async add(unit: Unit, project: string, delegation: Delegation): Promise<void> {
    const { id, from, to, startsAt, endsAt, createdAt } = delegation;
    await unit.tx
      .insertInto('approval_delegations')
      .values({
        id,
        project,
        from_person: from,
        to_person: to,
        starts_at: startsAt,
        ends_at: endsAt,
        created_at: createdAt,
        revoked_by: null,
        revoked_at: null,
      })
      .execute();
  }

  async find(project: string, id: string): Promise<Delegation | null> {
    return (await this.all(project)).find((delegation) => delegation.id === id) ?? null;
  }

  async revoke(unit: Unit, id: string, by: string, at: string): Promise<boolean> {
    const { numUpdatedRows } = await unit.tx
      .updateTable('approval_delegations')
      .set({ revoked_by: by, revoked_at: at })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async all(project: string, unit?: Unit): Promise<Delegation[]> {
    const on: Kysely<GovernanceTables> = unit?.tx ?? this.database.kysely;
    const rows = await on
      .selectFrom('approval_delegations')
      .selectAll()
      .where('project', '=', project)
      .orderBy('id')
      .execute();
    return rows.map(toDelegation);
  }
}

function toDelegation(row: Selectable<GovernanceTables['approval_delegations']>): Delegation {
  return {
    id: row.id,
    from: row.from_person,
    to: row.to_person,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
