import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { ArtifactStore } from '@steward/artifacts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, newId } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { ApprovalFileRepository, ApprovalRepository } from './approval.repository';
import { approvalNotFound, type ApprovalRequest, type Comment, type Evidence } from './approval-request';

/** The largest file that is taken as evidence: 32 MiB. */
export const MAX_EVIDENCE_BYTES = 32 * 1024 * 1024;
const MOST_EVIDENCE = 100;

/** Remarks and evidence beside the decisions. Evidence is named by its digest and stays what it is. */
@Injectable()
export class DiscussRequest {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly requests: ApprovalRepository,
    private readonly files: ApprovalFileRepository,
    private readonly artifacts: ArtifactStore,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  async comment(caller: Caller, project: string, id: string, text: string): Promise<Comment> {
    const comment = {
      id: newId(this.clock.now()),
      person: caller.principal.id,
      text,
      at: this.clock.iso(),
    };
    await this.within(project, id, async (unit, request) => {
      await this.files.comment(unit, id, comment);
      this.record(unit, caller, request, 'approval.comment', { comment: comment.id }, text);
    });
    return comment;
  }

  /** Attaches what the artifact store holds already. */
  async attach(
    caller: Caller,
    project: string,
    id: string,
    digest: string,
    title: string,
  ): Promise<Evidence> {
    if (!(await this.requests.find(project, id))) throw approvalNotFound(id);
    if (!(await this.artifacts.has(digest)))
      throw errors.notFound(
        'GOVERNANCE.NO_SUCH_ARTIFACT',
        'The artifact store holds nothing of this digest.',
      );
    const { length } = await this.artifacts.read(digest, { maxBytes: MAX_EVIDENCE_BYTES });
    return this.add(caller, project, id, { digest, size: length }, title);
  }

  /** Stores the bytes and attaches them. */
  async upload(
    caller: Caller,
    project: string,
    id: string,
    content: Readable,
    title: string,
  ): Promise<Evidence> {
    if (!(await this.requests.find(project, id))) throw approvalNotFound(id);
    const stored = await this.artifacts.put(content, { maxBytes: MAX_EVIDENCE_BYTES });
    return this.add(caller, project, id, stored, title);
  }

  async read(project: string, id: string, digest: string): Promise<Buffer> {
    if (!(await this.requests.find(project, id))) throw approvalNotFound(id);
    const attached = (await this.files.evidence(id)).some((evidence) => evidence.digest === digest);
    if (!attached)
      throw errors.notFound('GOVERNANCE.NO_SUCH_EVIDENCE', 'Nothing of this digest is attached here.');
    return this.artifacts.read(digest, { maxBytes: MAX_EVIDENCE_BYTES });
  }

  private async add(
    caller: Caller,
    project: string,
    id: string,
    { digest, size }: { digest: string; size: number },
    title: string,
  ): Promise<Evidence> {
    const attachedBy = caller.principal.id;
    const evidence = { digest, title, size, attachedBy, attachedAt: this.clock.iso() };
    await this.within(project, id, async (unit, request) => {
      if ((await this.files.evidence(id)).length >= MOST_EVIDENCE)
        throw errors.limit('GOVERNANCE.TOO_MUCH_EVIDENCE', `A request holds ${MOST_EVIDENCE} files at most.`);
      if (!(await this.files.attach(unit, id, evidence)))
        throw errors.conflict('GOVERNANCE.ATTACHED_ALREADY', 'These bytes are attached already.');
      this.record(unit, caller, request, 'approval.attach', { evidence: digest, size });
    });
    return evidence;
  }

  private async within(
    project: string,
    id: string,
    work: (unit: UnitOfWork<GovernanceTables>, request: ApprovalRequest) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (unit) => {
      const request = await this.requests.lock(unit, id);
      if (request?.project !== project) throw approvalNotFound(id);
      await work(unit, request);
    });
  }

  private record(
    unit: UnitOfWork<GovernanceTables>,
    caller: Caller,
    { id, project, correlation, model, version }: ApprovalRequest,
    action: string,
    details: Record<string, string | number>,
    reason?: string,
  ): void {
    this.audit.record(
      unit,
      { ...caller, correlation },
      {
        action,
        object: { kind: 'approval-request', id },
        project,
        ...(reason === undefined ? {} : { reason }),
        details: { model, version, ...details },
      },
    );
  }
}
