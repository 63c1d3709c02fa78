import { Injectable } from '@nestjs/common';
import {
  SubjectDataGathered,
  SubjectErased,
  SubjectModelsFlagged,
  SubjectRectified,
  type JsonEventDefinition,
} from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { TakeSubjectAnswer } from './take-subject-answer';

interface Answer {
  readonly requestId: string;
}
type AnswerEvent = JsonEventDefinition & { readonly schema: { readonly _zod: { readonly output: Answer } } };

/** Answers of one service to one kind of order. */
@Injectable()
abstract class SubjectAnswerConsumer<Definition extends AnswerEvent> extends EventConsumer<Definition> {
  constructor(private readonly answers: TakeSubjectAnswer) {
    super();
  }

  async handle(event: IncomingEvent<Definition>, unit: UnitOfWork): Promise<HandlerResult> {
    const answer = event.payload as unknown as Answer & Record<string, unknown>;
    const taken = await this.answers.execute(unit, answer.requestId, event.source, answer);
    return taken ? handled.ok : handled.drop('Nobody waits for this answer.');
  }
}

@Injectable()
export class IngestionErasedConsumer extends SubjectAnswerConsumer<typeof SubjectErased.ingestion> {
  readonly event = SubjectErased.ingestion;
}

@Injectable()
export class TrainingErasedConsumer extends SubjectAnswerConsumer<typeof SubjectErased.training> {
  readonly event = SubjectErased.training;
}

@Injectable()
export class InferenceErasedConsumer extends SubjectAnswerConsumer<typeof SubjectErased.inference> {
  readonly event = SubjectErased.inference;
}

@Injectable()
export class MonitoringErasedConsumer extends SubjectAnswerConsumer<typeof SubjectErased.monitoring> {
  readonly event = SubjectErased.monitoring;
}

@Injectable()
export class IngestionGatheredConsumer extends SubjectAnswerConsumer<typeof SubjectDataGathered.ingestion> {
  readonly event = SubjectDataGathered.ingestion;
}

@Injectable()
export class TrainingGatheredConsumer extends SubjectAnswerConsumer<typeof SubjectDataGathered.training> {
  readonly event = SubjectDataGathered.training;
}

@Injectable()
export class InferenceGatheredConsumer extends SubjectAnswerConsumer<typeof SubjectDataGathered.inference> {
  readonly event = SubjectDataGathered.inference;
}

@Injectable()
export class MonitoringGatheredConsumer extends SubjectAnswerConsumer<typeof SubjectDataGathered.monitoring> {
  readonly event = SubjectDataGathered.monitoring;
}

@Injectable()
export class SubjectRectifiedConsumer extends SubjectAnswerConsumer<typeof SubjectRectified> {
  readonly event = SubjectRectified;
}

@Injectable()
export class SubjectModelsFlaggedConsumer extends SubjectAnswerConsumer<typeof SubjectModelsFlagged> {
  readonly event = SubjectModelsFlagged;
}
