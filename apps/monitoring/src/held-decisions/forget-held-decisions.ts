import { Injectable } from '@nestjs/common';
import { Clock } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import { HeldDecisionRepository } from './held-decision.repository';

const HOUR_MS = 3_600_000;
/** Longer than the rows of any window are kept. */
const KEPT_DAYS = 90;

/** Deletes held decisions that no window's rows are kept for any more. */
@Injectable()
export class ForgetHeldDecisions extends RepeatedTask {
  protected readonly pauseMs = HOUR_MS;

  constructor(
    private readonly decisions: HeldDecisionRepository,
    private readonly clock: Clock,
  ) {
    super();
  }

  work(): Promise<void> {
    return this.decisions.deleteBefore(new Date(this.clock.now() - KEPT_DAYS * 24 * HOUR_MS));
  }
}
