import { Injectable } from '@nestjs/common';
import { Clock } from '@steward/kernel';
import { subjectRequestNotFound, type SubjectRequest } from './subject-request';
import {
  SubjectArchiveRepository,
  SubjectRequestRepository,
  SubjectTermsRepository,
  type RequestQuery,
} from './subject-request.repository';

/** Reads requests, with what belongs to them. */
@Injectable()
export class ReadSubjectRequests {
  constructor(
    private readonly requests: SubjectRequestRepository,
    private readonly archives: SubjectArchiveRepository,
    private readonly terms: SubjectTermsRepository,
    private readonly clock: Clock,
  ) {}

  async list(query: Omit<RequestQuery, 'overdueAt'> & { readonly overdue: boolean }) {
    const { overdue, ...rest } = query;
    const items = await this.requests.list({ ...rest, overdueAt: overdue ? this.clock.iso() : null });
    return {
      items: items.map((request) => this.view(request)),
      next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null,
    };
  }

  /** Throws GOVERNANCE.SUBJECT_REQUEST_NOT_FOUND. */
  async get(project: string, id: string) {
    const request = await this.requests.find(project, id);
    if (!request) throw subjectRequestNotFound(id);
    const archive = await this.archives.find(id);
    return {
      ...this.view(request),
      notes: await this.requests.notes(id),
      steps: (await this.requests.steps(id)).map(({ service, state, answeredAt }) => ({
        service,
        state,
        answeredAt,
      })),
      archive: archive && {
        size: archive.size,
        expiresAt: archive.expiresAt,
        downloads: archive.downloads,
        deletedAt: archive.deletedAt,
      },
    };
  }

  async listTerms(project: string, page: { limit: number; after: string | null }) {
    const items = await this.terms.list(project, page);
    const last = items.at(-1);
    return { items, next: items.length === page.limit && last ? `${last.pseudonym}/${last.because}` : null };
  }

  private view(request: SubjectRequest) {
    const overdue = request.endedAt === null && request.dueAt < this.clock.iso();
    return { ...request, overdue };
  }
}
