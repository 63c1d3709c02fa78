import { Injectable } from '@nestjs/common';
import { callerFromEvent } from '@steward/access';
import { ArtifactStore, ObjectStore } from '@steward/artifacts';
import { LogKey, signDocument } from '@steward/audit-log';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors } from '@steward/kernel';
import { ErasureReport, type DestroyedPart, type RemainingPart } from '@steward/subjects';
import { CERTIFICATE_KIND, makeCertificate } from './erasure-certificate';
import { MoveSubjectRequest } from './move-subject-request';
import { OwnSubjectData } from './own-subject-data';
import type { SubjectRequest } from './subject-request';
import { SubjectArchiveRepository, SubjectRequestRepository } from './subject-request.repository';

/**
 * Ends an erasure that every service has carried out: governance's own part, and the signed certificate. Repeated after a
 * crash it comes to the same end; the request ends once.
 */
@Injectable()
export class FinishErasure {
  constructor(
    private readonly database: Database,
    private readonly requests: SubjectRequestRepository,
    private readonly archives: SubjectArchiveRepository,
    private readonly own: OwnSubjectData,
    private readonly moves: MoveSubjectRequest,
    private readonly artifacts: ArtifactStore,
    private readonly objects: ObjectStore,
    private readonly key: LogKey,
    private readonly clock: Clock,
  ) {}

  async execute(request: SubjectRequest): Promise<void> {
    const reports = await this.reports(request);
    for (const { path } of await this.archives.ofSubject(request.project, request.pseudonym))
      await this.objects.delete(path);
    await this.database.transaction(async (unit) => {
      const locked = await this.requests.lock(unit, request.id);
      if (locked?.state !== 'in_progress') return;
      const own = await this.eraseOwn(unit, request);
      const completedAt = this.clock.iso();
      const certificate = makeCertificate(request, reports, own, completedAt);
      const signed = signDocument(CERTIFICATE_KIND, certificate, this.key);
      const { digest } = await this.artifacts.put(Buffer.from(JSON.stringify(signed)));
      const figures = {
        destroyed: certificate.services.reduce((sum, part) => sum + part.destroyed.length, 0),
        remaining: certificate.services.reduce((sum, part) => sum + part.remaining.length, 0),
        models: certificate.models.length,
      };
      await this.moves.move(unit, callerOf(request), locked, {
        action: 'subject-request.fulfil',
        to: { state: 'fulfilled', endedAt: completedAt, result: { certificate: digest, ...figures } },
        details: { certificate: digest, certificateDigest: signed.digest, ...figures },
      });
    });
  }

  private async reports(request: SubjectRequest): Promise<{ report: ErasureReport; digest: string }[]> {
    const steps = await this.requests.steps(request.id);
    return Promise.all(
      steps.map(async ({ answer, service }) => {
        const digest = String(answer?.['reportDigest']);
        const report = ErasureReport.parse(JSON.parse((await this.artifacts.read(digest)).toString('utf8')));
        if (report.requestId === request.id && report.service === service) return { report, digest };
        throw errors.internal('GOVERNANCE.REPORT_FOREIGN', 'A service named the report of another erasure.');
      }),
    );
  }

  private async eraseOwn(
    unit: UnitOfWork,
    { project, pseudonym }: SubjectRequest,
  ): Promise<{ destroyed: DestroyedPart[]; remaining: RemainingPart[] }> {
    const gone = (store: string, items: number): DestroyedPart[] =>
      items === 0 ? [] : [{ store, name: `governance.${store}`, oldDigest: null, newDigest: null, items }];
    const archives = await this.archives.ofSubject(project, pseudonym);
    for (const { requestId } of archives) await this.archives.markDeleted(unit, requestId, this.clock.iso());
    const destroyed = [
      ...gone('subject-request-notes', await this.requests.eraseNotes(unit, project, pseudonym)),
      ...gone('audit-notes', await this.own.eraseAuditNotes(unit, project, pseudonym)),
      ...gone('held-decisions', await this.own.eraseHeldDecisions(unit, project, pseudonym)),
      ...gone('subject-terms', await this.own.eraseTerms(unit, project, pseudonym)),
      ...archives.map(({ path, digest }) => ({
        store: 'subject-archive',
        name: path,
        oldDigest: digest,
        newDigest: null,
        items: 1,
      })),
    ];
    return { destroyed, remaining: await this.own.remaining(unit, project, pseudonym) };
  }
}

/** The person who had it carried out is at the root of what follows. */
export const callerOf = ({ runBy, correlation, project }: SubjectRequest) =>
  callerFromEvent({ actor: runBy ?? 'governance', correlation, project });
