import { Injectable } from '@nestjs/common';
import { OutcomeRecorded, PredictionLogged } from '@steward/contracts';
import { Clock } from '@steward/kernel';
import {
  SubjectParticipation,
  type ErasureOutcome,
  type HeldTable,
  type RemainingPart,
} from '@steward/subjects';

const DAY_MS = 24 * 3600 * 1000;

/**
 * What inference does for data subjects. It keeps nothing of a prediction but what it writes into the log: that stays
 * under the pseudonym, which leads to nobody any more, until the topics' retention ends. From the erasure on a request
 * that names the pseudonym is refused.
 */
@Injectable()
export class InferenceSubjects extends SubjectParticipation {
  constructor(private readonly clock: Clock) {
    super();
  }

  async erase(): Promise<ErasureOutcome> {
    const topics = [PredictionLogged.topic, OutcomeRecorded.topic];
    const remaining = topics.map(({ name, retentionDays }): RemainingPart => {
      const days = retentionDays ?? 0;
      return {
        store: 'topic',
        name,
        why: 'Telemetry, and what of it waits in a spool while the bus is away: inputs and scores under the unlinked pseudonym.',
        until: new Date(this.clock.now() + days * DAY_MS).toISOString(),
      };
    });
    return { remaining };
  }

  /** Predictions about the subject are told by ingestion, which joins them with what really happened. */
  async gather(): Promise<readonly HeldTable[]> {
    return [];
  }
}
