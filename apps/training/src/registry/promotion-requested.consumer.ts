import { Injectable } from '@nestjs/common';
import { callerFromEvent } from '@steward/access';
import { PromotionRequested } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { AppError } from '@steward/kernel';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import type { TrainingTables } from '../training-tables';
import { RequestAlias } from './request-alias';

/** A canary passed its last step: may it become champion? */
@Injectable()
export class PromotionRequestedConsumer extends EventConsumer<typeof PromotionRequested, TrainingTables> {
  readonly event = PromotionRequested;

  constructor(private readonly requests: RequestAlias) {
    super();
  }

  async handle(
    event: IncomingEvent<typeof PromotionRequested>,
    unit: UnitOfWork<TrainingTables>,
  ): Promise<HandlerResult> {
    const { project } = event;
    if (project === null) return handled.drop('A promotion belongs to a project.');
    try {
      await this.requests.promote(unit, callerFromEvent(event), { ...event.payload, project });
    } catch (error) {
      if (AppError.is(error) && error.kind === 'not_found') return handled.deadLetter(error.message);
      throw error;
    }
    return handled.ok;
  }
}
