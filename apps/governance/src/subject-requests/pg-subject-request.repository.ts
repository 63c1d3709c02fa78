import { Injectable } from '@nestjs/common';
import type { RefusalGround, SubjectRequestKind, SubjectRequestState } from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type ColumnType, type Kysely, type Selectable } from 'kysely';
import type { NoteKind, RequestNote, RequestStep, SubjectRequest } from './subject-request';
import { SubjectRequestRepository, type RequestQuery } from './subject-request.repository';

type Time = ColumnType<Date, string, string>;
type NullableTime = ColumnType<Date | null, string | null, string | null>;
type Json<T> = ColumnType<T | null, string | null, string | null>;

export interface SubjectRequestTables {
  subject_requests: {
    id: string;
    project: string;
    pseudonym: string;
    kind: SubjectRequestKind;
    state: SubjectRequestState;
    received_at: Time;
    due_at: Time;
    extended: boolean;
    responsible: string | null;
    opened_by: string;
    correlation: string;
    run_by: string | null;
    run_at: NullableTime;
    ground: RefusalGround | null;
    result: Json<Record<string, string | number | boolean | null>>;
    ended_at: NullableTime;
  };
  subject_request_notes: {
    id: string;
    request_id: string;
    kind: NoteKind;
    author: string;
    text: string | null;
    digest: string | null;
    created_at: Time;
  };
  subject_request_steps: {
    request_id: string;
    service: string;
    state: 'waiting' | 'done';
    answer: Json<Record<string, unknown>>;
    answered_at: NullableTime;
  };
}

const OPEN: SubjectRequestState[] = ['received', 'in_progress'];

@Injectable()
export class PgSubjectRequestRepository extends SubjectRequestRepository {
  constructor(private readonly database: Database<SubjectRequestTables>) {
    super();
  }

  async add(unit: UnitOfWork, request: SubjectRequest): Promise<boolean> {
    const added = await on(unit)
      .insertInto('subject_requests')
      .values({
        id: request.id,
        project: request.project,
        pseudonym: request.pseudonym,
        kind: request.kind,
        state: request.state,
        received_at: request.receivedAt,
        due_at: request.dueAt,
        extended: request.extended,
        responsible: request.responsible,
        opened_by: request.openedBy,
        correlation: request.correlation,
        run_by: null,
        run_at: null,
        ground: null,
        result: null,
        ended_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    return added !== undefined;
  }

  async find(project: string, id: string): Promise<SubjectRequest | null> {
    const row = await this.database.kysely
      .selectFrom('subject_requests')
      .selectAll()
      .where('project', '=', project)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toRequest(row) : null;
  }

  async lock(unit: UnitOfWork, id: string): Promise<SubjectRequest | null> {
    const row = await on(unit)
      .selectFrom('subject_requests')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    return row ? toRequest(row) : null;
  }

  async change(unit: UnitOfWork, id: string, to: Partial<SubjectRequest>): Promise<void> {
    await on(unit)
      .updateTable('subject_requests')
      .set({
        ...(to.state === undefined ? {} : { state: to.state }),
        ...(to.dueAt === undefined ? {} : { due_at: to.dueAt }),
        ...(to.extended === undefined ? {} : { extended: to.extended }),
        ...(to.responsible === undefined ? {} : { responsible: to.responsible }),
        ...(to.runBy === undefined ? {} : { run_by: to.runBy }),
        ...(to.runAt === undefined ? {} : { run_at: to.runAt }),
        ...(to.ground === undefined ? {} : { ground: to.ground }),
        ...(to.result === undefined ? {} : { result: to.result && JSON.stringify(to.result) }),
        ...(to.endedAt === undefined ? {} : { ended_at: to.endedAt }),
      })
      .where('id', '=', id)
      .execute();
  }

  async list(query: RequestQuery): Promise<SubjectRequest[]> {
    let select = this.database.kysely
      .selectFrom('subject_requests')
      .selectAll()
      .where('project', '=', query.project);
    if (query.state) select = select.where('state', '=', query.state);
    if (query.kind) select = select.where('kind', '=', query.kind);
    if (query.pseudonym) select = select.where('pseudonym', '=', query.pseudonym);
    if (query.overdueAt)
      select = select
        .where('state', 'in', OPEN)
        .where('due_at', '<', sql<Date>`${query.overdueAt}::timestamptz`);
    if (query.after) select = select.where('id', '<', query.after);
    return (await select.orderBy('id', 'desc').limit(query.limit).execute()).map(toRequest);
  }

  async counts(now: string): Promise<{ kind: string; open: number; overdue: number }[]> {
    return this.database.kysely
      .selectFrom('subject_requests')
      .select(['kind', sql<number>`count(*)::int`.as('open')])
      .select(sql<number>`(count(*) FILTER (WHERE due_at < ${now}::timestamptz))::int`.as('overdue'))
      .where('state', 'in', OPEN)
      .groupBy('kind')
      .execute();
  }

  async addNote(unit: UnitOfWork, requestId: string, note: RequestNote): Promise<void> {
    await on(unit)
      .insertInto('subject_request_notes')
      .values({
        id: note.id,
        request_id: requestId,
        kind: note.kind,
        author: note.author,
        text: note.text,
        digest: note.digest,
        created_at: note.createdAt,
      })
      .execute();
  }

  async notes(requestId: string, unit?: UnitOfWork): Promise<RequestNote[]> {
    const rows = await (unit ? on(unit) : this.database.kysely)
      .selectFrom('subject_request_notes')
      .selectAll()
      .where('request_id', '=', requestId)
      .orderBy('id')
      .execute();
    return rows.map(({ id, kind, author, text, digest, created_at }) => ({
      id,
      kind,
      author,
      text,
      digest,
      createdAt: created_at.toISOString(),
    }));
  }

  async eraseNotes(unit: UnitOfWork, project: string, pseudonym: string): Promise<number> {
    const result = await on(unit)
      .updateTable('subject_request_notes')
      .set({ text: null })
      .where('text', 'is not', null)
      .where('request_id', 'in', (requests) =>
        requests
          .selectFrom('subject_requests')
          .select('id')
          .where('project', '=', project)
          .where('pseudonym', '=', pseudonym),
      )
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  async addSteps(unit: UnitOfWork, requestId: string, services: readonly string[]): Promise<void> {
    await on(unit)
      .insertInto('subject_request_steps')
      .values(
        services.map((service) => ({
          request_id: requestId,
          service,
          state: 'waiting' as const,
          answer: null,
          answered_at: null,
        })),
      )
      .execute();
  }

  async finishStep(
    unit: UnitOfWork,
    requestId: string,
    service: string,
    answer: Readonly<Record<string, unknown>>,
    at: string,
  ): Promise<boolean> {
    const result = await on(unit)
      .updateTable('subject_request_steps')
      .set({ state: 'done', answer: JSON.stringify(answer), answered_at: at })
      .where('request_id', '=', requestId)
      .where('service', '=', service)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  async steps(requestId: string, unit?: UnitOfWork): Promise<RequestStep[]> {
    const rows = await (unit ? on(unit) : this.database.kysely)
      .selectFrom('subject_request_steps')
      .selectAll()
      .where('request_id', '=', requestId)
      .orderBy('service')
      .execute();
    return rows.map(({ service, state, answer, answered_at }) => ({
      service,
      state,
      answer,
      answeredAt: answered_at?.toISOString() ?? null,
    }));
  }

  async answered(): Promise<SubjectRequest[]> {
    const rows = await this.database.kysely
      .selectFrom('subject_requests')
      .selectAll()
      .where('state', '=', 'in_progress')
      .where(
        sql<boolean>`EXISTS (SELECT FROM subject_request_steps WHERE request_id = subject_requests.id)
          AND NOT EXISTS (SELECT FROM subject_request_steps
            WHERE request_id = subject_requests.id AND state = 'waiting')`,
      )
      .orderBy('id')
      .execute();
    return rows.map(toRequest);
  }
}

const on = (unit: UnitOfWork): Kysely<SubjectRequestTables> => unit.tx as Kysely<SubjectRequestTables>;

function toRequest(row: Selectable<SubjectRequestTables['subject_requests']>): SubjectRequest {
  return {
    id: row.id,
    project: row.project,
    pseudonym: row.pseudonym,
    kind: row.kind,
    state: row.state,
    receivedAt: row.received_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    extended: row.extended,
    responsible: row.responsible,
    openedBy: row.opened_by,
    correlation: row.correlation,
    runBy: row.run_by,
    runAt: row.run_at?.toISOString() ?? null,
    ground: row.ground,
    result: row.result,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
