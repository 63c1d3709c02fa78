import { Injectable } from '@nestjs/common';
import { DecisionHeld, OutcomeRecorded, PredictionLogged, type TopicDefinition } from '@steward/contracts';
import { Clock } from '@steward/kernel';
import {
  SubjectParticipation,
  type ErasureOutcome,
  type HeldTable,
  type RemainingPart,
  type TaskSubject,
} from '@steward/subjects';
import { ExplainDecisions } from './explain-decisions';

const DAY_MS = 24 * 3600 * 1000;

/**
 * What inference does for data subjects. It keeps nothing of a prediction but what it writes into the log: that stays
 * under the pseudonym, which leads to nobody any more, until the topics' retention ends. From the erasure on a request
 * that names the pseudonym is refused.
 */
@Injectable()
export class InferenceSubjects extends SubjectParticipation {
  constructor(
    private readonly clock: Clock,
    private readonly decisions: ExplainDecisions,
  ) {
    super();
  }

  async erase(): Promise<ErasureOutcome> {
    const telemetry =
      'Telemetry, and what of it waits in a spool while the bus is away: inputs and scores under the unlinked pseudonym.';
    const remaining = [
      this.topicPart(PredictionLogged.topic, telemetry),
      this.topicPart(OutcomeRecorded.topic, telemetry),
      this.topicPart(
        DecisionHeld.topic,
        'Decisions that were held for a person: label and score under the unlinked pseudonym.',
      ),
    ];
    return { remaining };
  }

  private topicPart({ name, retentionDays }: TopicDefinition, why: string): RemainingPart {
    const until = new Date(this.clock.now() + (retentionDays ?? 0) * DAY_MS).toISOString();
    return { store: 'topic', name, why, until };
  }

  /** Which decisions there were is told by ingestion, which joins them with what really happened; here, what counted. */
  async gather(subject: TaskSubject, told: Readonly<Record<string, unknown>>): Promise<readonly HeldTable[]> {
    return this.decisions.execute(subject, told);
  }
}
