import { Inject, Injectable } from '@nestjs/common';
import { ObjectStore } from '@steward/artifacts';
import { SubjectDataCollected } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, errors, sha256 } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { HeldData, heldTable, openSealed, sealFor } from '@steward/subjects';
import { archiveFiles } from './archive-files';
import { callerOf } from './finish-erasure';
import { GatheringKey } from './gathering-key';
import { MoveSubjectRequest } from './move-subject-request';
import { OwnSubjectData } from './own-subject-data';
import type { SubjectRequest } from './subject-request';
import { SubjectArchiveRepository, SubjectRequestRepository } from './subject-request.repository';

const ARCHIVE_DAYS = 14;
const DAY_MS = 24 * 3600 * 1000;
const MOST_ENTRIES = 10_000;
const MOST_PART_BYTES = 512 * 1024 * 1024;

export const archivePath = (requestId: string): string => `subjects/archives/${requestId}`;

/** Ends an access or portability request that every service has answered: opens the parts, and seals the archive. */
@Injectable()
export class FinishGathering {
  constructor(
    private readonly database: Database,
    private readonly requests: SubjectRequestRepository,
    private readonly archives: SubjectArchiveRepository,
    private readonly own: OwnSubjectData,
    private readonly moves: MoveSubjectRequest,
    private readonly objects: ObjectStore,
    private readonly outbox: Outbox,
    @Inject(GatheringKey) private readonly key: GatheringKey,
    private readonly clock: Clock,
  ) {}

  async execute(request: SubjectRequest): Promise<void> {
    const parts = [...(await this.parts(request)), await this.ownPart(request)];
    const madeAt = this.clock.iso();
    const zip = await archiveFiles({ request, parts, madeAt });
    const path = archivePath(request.id);
    await this.objects.put(path, sealFor(this.key.publicKey, zip, path));
    const rows = parts.reduce(
      (sum, part) => sum + part.tables.reduce((of, table) => of + table.rows.length, 0),
      0,
    );
    const archive = { digest: sha256(zip), size: zip.length };
    await this.database.transaction(async (unit) => {
      const locked = await this.requests.lock(unit, request.id);
      if (locked?.state !== 'in_progress') return;
      const expiresAt = new Date(this.clock.now() + ARCHIVE_DAYS * DAY_MS).toISOString();
      await this.archives.add(unit, { requestId: request.id, path, ...archive, expiresAt });
      this.outbox.publish(unit, SubjectDataCollected, {
        subject: `${request.project}/${request.pseudonym}`,
        project: request.project,
        correlation: request.correlation,
        actor: request.runBy ?? 'governance',
        payload: { requestId: request.id, pseudonym: request.pseudonym },
      });
      const result = { archive: archive.digest, size: archive.size, rows, expiresAt };
      await this.moves.move(unit, callerOf(request), locked, {
        action: 'subject-request.fulfil',
        to: { state: 'fulfilled', endedAt: madeAt, result },
        details: result,
      });
    });
  }

  private async parts(request: SubjectRequest): Promise<HeldData[]> {
    const steps = await this.requests.steps(request.id);
    return Promise.all(
      steps.map(async ({ answer }) => {
        const path = String(answer?.['path']);
        const sealed = await this.objects.get(path, { maxBytes: MOST_PART_BYTES });
        if (sha256(sealed) !== answer?.['digest'])
          throw errors.internal('GOVERNANCE.PART_CHANGED', 'A gathered part is not the one that was told.');
        return HeldData.parse(JSON.parse(openSealed(this.key, sealed, path).toString('utf8')));
      }),
    );
  }

  private async ownPart({ project, pseudonym }: SubjectRequest): Promise<HeldData> {
    const asked = await this.requests.list({
      project,
      pseudonym,
      state: null,
      kind: null,
      overdueAt: null,
      limit: 1_000,
      after: null,
    });
    const entries = await this.own.entries(project, pseudonym, MOST_ENTRIES);
    return {
      service: 'governance',
      tables: [
        ...(await this.own.tables(project, pseudonym)),
        heldTable(
          { name: 'requests', description: 'Requests that you made.', origin: 'provided' },
          {
            id: 'Number of the request.',
            kind: 'What you asked for.',
            state: 'How it stands.',
            receivedAt: 'When it was received.',
            dueAt: 'Until when it is to be answered.',
            endedAt: 'When it was answered.',
          },
          asked.map(({ id, kind, state, receivedAt, dueAt, endedAt }) => ({
            id,
            kind,
            state,
            receivedAt,
            dueAt,
            endedAt,
          })),
        ),
        heldTable(
          {
            name: 'disclosures',
            description: 'Who looked at or changed something of yours.',
            origin: 'observed',
          },
          {
            time: 'When.',
            action: 'What was done.',
            service: 'By which part of the system.',
            actorKind: 'By a person, a machine or the system itself.',
            actor: 'Number of the account.',
            outcome: 'Whether it was done or refused.',
          },
          entries.map(({ time, action, service, actor, outcome }) => ({
            time,
            action,
            service,
            actorKind: actor.kind,
            actor: actor.id,
            outcome,
          })),
        ),
      ],
    };
  }
}
