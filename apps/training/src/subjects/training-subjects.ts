import { Injectable } from '@nestjs/common';
import {
  modelsTable,
  SubjectParticipation,
  type ErasureOutcome,
  type HeldTable,
  type TaskSubject,
} from '@steward/subjects';
import { ModelFlagRepository } from './model-flag.repository';

/**
 * What training does for data subjects. It keeps no rows: each run reads them from the dataset version and lets go of
 * them. What it can say is which models learnt from them; `subject-erased.consumer.ts` flags those.
 */
@Injectable()
export class TrainingSubjects extends SubjectParticipation {
  constructor(private readonly flags: ModelFlagRepository) {
    super();
  }

  async erase({ project, requestId }: TaskSubject): Promise<ErasureOutcome> {
    return { remaining: [], models: await this.flags.flagged(project, requestId) };
  }

  async gather({ project }: TaskSubject): Promise<readonly HeldTable[]> {
    return [modelsTable(await this.flags.deciders(project))];
  }
}
