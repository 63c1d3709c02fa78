import { Injectable } from '@nestjs/common';
import { Database, type UnitOfWork } from '@steward/database';
import { sql, type ColumnType, type Kysely } from 'kysely';
import {
  SubjectArchiveRepository,
  SubjectTermsRepository,
  type SubjectArchive,
} from './subject-request.repository';
import type { Term, TermReason } from './subject-terms';

interface Tables {
  subject_requests: { id: string; project: string; pseudonym: string };
  subject_terms: {
    project: string;
    pseudonym: string;
    because: TermReason;
    training: boolean;
    inference: Term['inference'];
    request_id: string | null;
    since: ColumnType<Date, string, string>;
  };
  subject_archives: {
    request_id: string;
    path: string;
    digest: string;
    size: number;
    expires_at: ColumnType<Date, string, string>;
    downloads: number;
    downloaded_at: ColumnType<Date | null, string | null, string | null>;
    deleted_at: ColumnType<Date | null, string | null, string | null>;
  };
}

const on = (unit: UnitOfWork): Kysely<Tables> => unit.tx as Kysely<Tables>;

@Injectable()
export class PgSubjectTermsRepository extends SubjectTermsRepository {
  constructor(private readonly database: Database<Tables>) {
    super();
  }

  async lock(unit: UnitOfWork, project: string, pseudonym: string): Promise<void> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${project}/${pseudonym}`}, 30))`.execute(
      unit.tx,
    );
  }

  async put(
    unit: UnitOfWork,
    project: string,
    pseudonym: string,
    term: Term & { readonly requestId: string | null; readonly since: string },
  ): Promise<void> {
    const values = {
      training: term.training,
      inference: term.inference,
      request_id: term.requestId,
      since: term.since,
    };
    await on(unit)
      .insertInto('subject_terms')
      .values({ project, pseudonym, because: term.because, ...values })
      .onConflict((conflict) => conflict.columns(['project', 'pseudonym', 'because']).doUpdateSet(values))
      .execute();
  }

  async lift(unit: UnitOfWork, project: string, pseudonym: string, because: TermReason): Promise<boolean> {
    const result = await on(unit)
      .deleteFrom('subject_terms')
      .where('project', '=', project)
      .where('pseudonym', '=', pseudonym)
      .where('because', '=', because)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  }

  async of(unit: UnitOfWork, project: string, pseudonym: string): Promise<Term[]> {
    return on(unit)
      .selectFrom('subject_terms')
      .select(['because', 'training', 'inference'])
      .where('project', '=', project)
      .where('pseudonym', '=', pseudonym)
      .execute();
  }

  async list(project: string, page: { limit: number; after: string | null }) {
    const rows = await this.database.kysely
      .selectFrom('subject_terms')
      .selectAll()
      .where('project', '=', project)
      .where(sql<boolean>`pseudonym || '/' || because > ${page.after ?? ''}`)
      .orderBy(sql`pseudonym || '/' || because`)
      .limit(page.limit)
      .execute();
    return rows.map(({ pseudonym, because, training, inference, request_id, since }) => ({
      pseudonym,
      because,
      training,
      inference,
      requestId: request_id,
      since: since.toISOString(),
    }));
  }
}

@Injectable()
export class PgSubjectArchiveRepository extends SubjectArchiveRepository {
  constructor(private readonly database: Database<Tables>) {
    super();
  }

  async add(unit: UnitOfWork, archive: Omit<SubjectArchive, 'downloads' | 'deletedAt'>): Promise<void> {
    const values = {
      path: archive.path,
      digest: archive.digest,
      size: archive.size,
      expires_at: archive.expiresAt,
    };
    await on(unit)
      .insertInto('subject_archives')
      .values({
        request_id: archive.requestId,
        ...values,
        downloads: 0,
        downloaded_at: null,
        deleted_at: null,
      })
      .onConflict((conflict) => conflict.column('request_id').doUpdateSet(values))
      .execute();
  }

  async find(requestId: string): Promise<SubjectArchive | null> {
    const row = await this.database.kysely
      .selectFrom('subject_archives')
      .selectAll()
      .where('request_id', '=', requestId)
      .executeTakeFirst();
    return row ? toArchive(row) : null;
  }

  async countDownload(unit: UnitOfWork, requestId: string, at: string): Promise<void> {
    await on(unit)
      .updateTable('subject_archives')
      .set({ downloads: sql<number>`downloads + 1`, downloaded_at: at })
      .where('request_id', '=', requestId)
      .execute();
  }

  async expired(now: string): Promise<SubjectArchive[]> {
    const rows = await this.database.kysely
      .selectFrom('subject_archives')
      .selectAll()
      .where('deleted_at', 'is', null)
      .where(sql<boolean>`expires_at < ${now}::timestamptz`)
      .execute();
    return rows.map(toArchive);
  }

  async ofSubject(project: string, pseudonym: string): Promise<SubjectArchive[]> {
    const rows = await this.database.kysely
      .selectFrom('subject_archives')
      .innerJoin('subject_requests', 'subject_requests.id', 'subject_archives.request_id')
      .selectAll('subject_archives')
      .where('project', '=', project)
      .where('pseudonym', '=', pseudonym)
      .where('deleted_at', 'is', null)
      .execute();
    return rows.map(toArchive);
  }

  async markDeleted(unit: UnitOfWork, requestId: string, at: string): Promise<void> {
    await on(unit)
      .updateTable('subject_archives')
      .set({ deleted_at: at })
      .where('request_id', '=', requestId)
      .execute();
  }
}

function toArchive(row: {
  request_id: string;
  path: string;
  digest: string;
  size: number;
  expires_at: Date;
  downloads: number;
  deleted_at: Date | null;
}): SubjectArchive {
  return {
    requestId: row.request_id,
    path: row.path,
    digest: row.digest,
    size: row.size,
    expiresAt: row.expires_at.toISOString(),
    downloads: row.downloads,
    deletedAt: row.deleted_at?.toISOString() ?? null,
  };
}
