import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { ArtifactStore, ObjectStore } from '@steward/artifacts';
import type { SignedDocument } from '@steward/audit-log';
import { Database } from '@steward/database';
import { Clock, errors, sha256 } from '@steward/kernel';
import { openSealed } from '@steward/subjects';
import type { ErasureCertificate } from './erasure-certificate';
import { GatheringKey } from './gathering-key';
import { subjectRequestNotFound } from './subject-request';
import { SubjectArchiveRepository, SubjectRequestRepository } from './subject-request.repository';

const MOST_BYTES = 1024 * 1024 * 1024;

/** Hands out what a request came to: the archive, which is audited before its bytes go, and the certificate. */
@Injectable()
export class HandOut {
  constructor(
    private readonly requests: SubjectRequestRepository,
    private readonly archives: SubjectArchiveRepository,
    private readonly artifacts: ArtifactStore,
    private readonly objects: ObjectStore,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    @Inject(GatheringKey) private readonly key: GatheringKey,
    private readonly clock: Clock,
  ) {}

  /** Throws GOVERNANCE.SUBJECT_ARCHIVE_NOT_FOUND, GOVERNANCE.SUBJECT_ARCHIVE_EXPIRED. */
  async archive(caller: Caller, project: string, id: string): Promise<Buffer> {
    const request = await this.requests.find(project, id);
    if (!request) throw subjectRequestNotFound(id);
    const archive = await this.archives.find(id);
    if (!archive)
      throw errors.notFound(
        'GOVERNANCE.SUBJECT_ARCHIVE_NOT_FOUND',
        'Nothing has been gathered for this request yet.',
      );
    if (archive.deletedAt !== null || archive.expiresAt < this.clock.iso())
      throw errors.notFound(
        'GOVERNANCE.SUBJECT_ARCHIVE_EXPIRED',
        `The archive was kept until ${archive.expiresAt}. Open a new request.`,
      );
    const sealed = await this.objects.get(archive.path, { maxBytes: MOST_BYTES });
    const zip = openSealed(this.key, sealed, archive.path);
    if (sha256(zip) !== archive.digest)
      throw errors.internal(
        'GOVERNANCE.SUBJECT_ARCHIVE_CHANGED',
        'The archive is not the one that was made.',
      );
    await this.database.transaction(async (unit) => {
      await this.archives.countDownload(unit, id, this.clock.iso());
      this.audit.record(unit, caller, {
        action: 'subject-archive.download',
        object: { kind: 'data-subject', id: request.pseudonym },
        project,
        details: { request: id, archive: archive.digest },
      });
    });
    return zip;
  }

  /** The signed certificate of a finished erasure. Throws GOVERNANCE.CERTIFICATE_NOT_FOUND. */
  async certificate(project: string, id: string): Promise<SignedDocument<ErasureCertificate>> {
    const request = await this.requests.find(project, id);
    const digest = request?.result?.['certificate'];
    if (typeof digest !== 'string')
      throw errors.notFound(
        'GOVERNANCE.CERTIFICATE_NOT_FOUND',
        'There is no certificate of this request (yet).',
      );
    const bytes = await this.artifacts.read(digest);
    return JSON.parse(bytes.toString('utf8')) as SignedDocument<ErasureCertificate>;
  }
}
