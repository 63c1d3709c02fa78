import { Injectable, Logger } from '@nestjs/common';
import { AppError } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import { EndRetentionCount } from './end-retention-count';
import { EndRetentionDeletion } from './end-retention-deletion';
import { RetentionRunRepository } from './retention.repository';

const IDLE_MS = 60_000;
const TRY_AGAIN_MS = 2_000;

/** Takes runs further that every service has answered: at the start, and whenever an answer comes. */
@Injectable()
export class FinishRetentionRuns extends RepeatedTask {
  private readonly log = new Logger(FinishRetentionRuns.name);
  private failing = false;

  constructor(
    private readonly runs: RetentionRunRepository,
    private readonly count: EndRetentionCount,
    private readonly deletion: EndRetentionDeletion,
  ) {
    super();
  }

  protected get pauseMs(): number {
    return this.failing ? TRY_AGAIN_MS : IDLE_MS;
  }

  protected async work(): Promise<void> {
    this.failing = false;
    for (const run of await this.runs.answered()) {
      try {
        await (run.state === 'counting' ? this.count : this.deletion).execute(run);
      } catch (error) {
        this.failing = true;
        const code = AppError.is(error) ? error.code : 'INTERNAL';
        this.log.error({ code, run: run.id }, 'A run of retention could not go on; it is tried again.');
      }
    }
  }
}
