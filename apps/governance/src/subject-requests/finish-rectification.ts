import { Injectable } from '@nestjs/common';
import { Database } from '@steward/database';
import { Clock } from '@steward/kernel';
import { callerOf } from './finish-erasure';
import { MoveSubjectRequest } from './move-subject-request';
import type { SubjectRequest } from './subject-request';
import { SubjectRequestRepository } from './subject-request.repository';

/** Ends a rectification: ingestion holds a corrected version, training flagged the models. */
@Injectable()
export class FinishRectification {
  constructor(
    private readonly database: Database,
    private readonly requests: SubjectRequestRepository,
    private readonly moves: MoveSubjectRequest,
    private readonly clock: Clock,
  ) {}

  async execute(request: SubjectRequest): Promise<void> {
    await this.database.transaction(async (unit) => {
      const locked = await this.requests.lock(unit, request.id);
      if (locked?.state !== 'in_progress') return;
      const steps = new Map(
        (await this.requests.steps(request.id, unit)).map(({ service, answer }) => [service, answer ?? {}]),
      );
      const corrected = steps.get('ingestion') ?? {};
      const result = {
        dataset: String(corrected['dataset']),
        version: Number(corrected['version']),
        rows: Number(corrected['rows']),
        models: Number(steps.get('training')?.['models'] ?? 0),
        flagged: String(steps.get('training')?.['listDigest']),
      };
      await this.moves.move(unit, callerOf(request), locked, {
        action: 'subject-request.fulfil',
        to: { state: 'fulfilled', endedAt: this.clock.iso(), result },
        details: result,
      });
    });
  }
}
