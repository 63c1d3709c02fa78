import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import {
  ErasureRequested,
  SubjectDataRequested,
  SubjectParticipants,
  type SubjectRequestKind,
} from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { GatheringKey } from './gathering-key';
import { MoveSubjectRequest } from './move-subject-request';
import { SetSubjectTerm } from './set-subject-term';
import { requireMove, requireReady, type SubjectRequest } from './subject-request';
import { SubjectRequestRepository } from './subject-request.repository';
import { DEFAULT_TERMS } from './subject-terms';

/** Which services answer to what a kind of request orders; none: it is done at once. */
const ANSWERERS: Readonly<Record<SubjectRequestKind, readonly string[]>> = {
  access: SubjectParticipants,
  portability: SubjectParticipants,
  erasure: SubjectParticipants,
  rectification: ['ingestion', 'training'],
  restriction: [],
  objection: [],
};

/** Has a request carried out: what it orders goes out with its change of state, in one transaction. */
@Injectable()
export class RunSubjectRequest {
  constructor(
    private readonly database: Database,
    private readonly requests: SubjectRequestRepository,
    private readonly moves: MoveSubjectRequest,
    private readonly terms: SetSubjectTerm,
    private readonly outbox: Outbox,
    @Inject(GatheringKey) private readonly key: GatheringKey,
    private readonly clock: Clock,
  ) {}

  /**
   * Throws GOVERNANCE.SUBJECT_REQUEST_UNASSIGNED, GOVERNANCE.SUBJECT_REQUEST_UNIDENTIFIED,
   * GOVERNANCE.SUBJECT_REQUEST_STATE.
   */
  async execute(caller: Caller, project: string, id: string): Promise<SubjectRequest> {
    return this.database.transaction(async (unit) => {
      const request = await this.moves.locked(unit, project, id);
      const services = ANSWERERS[request.kind];
      const state = services.length > 0 ? ('in_progress' as const) : ('fulfilled' as const);
      requireMove(request, state);
      requireReady(request, await this.requests.notes(id, unit));
      if (services.length > 0) await this.requests.addSteps(unit, id, services);
      await this.order(unit, caller, request);
      const now = this.clock.iso();
      return this.moves.move(unit, caller, request, {
        action: 'subject-request.run',
        to: {
          state,
          runBy: caller.principal.id,
          runAt: now,
          ...(services.length > 0 ? {} : { endedAt: now }),
        },
        details: { state },
      });
    });
  }

  private async order(unit: UnitOfWork, caller: Caller, request: SubjectRequest): Promise<void> {
    const { id, project, pseudonym, kind, correlation } = request;
    const actor = caller.principal.id;
    const envelope = { subject: `${project}/${pseudonym}`, project, correlation, actor };
    switch (kind) {
      case 'erasure':
        this.outbox.publish(unit, ErasureRequested, { ...envelope, payload: { requestId: id, pseudonym } });
        return;
      case 'access':
      case 'portability':
        this.outbox.publish(unit, SubjectDataRequested, {
          ...envelope,
          payload: { requestId: id, pseudonym, recipientKey: this.key.publicKey },
        });
        return;
      case 'restriction':
      case 'objection':
        await this.terms.put(
          unit,
          { project, pseudonym, correlation, actor },
          { because: kind, ...DEFAULT_TERMS[kind] },
          id,
        );
        return;
      case 'rectification':
        // The corrected values are personal data: they go to ingestion, which answers when it has taken them in.
        return;
    }
  }
}
