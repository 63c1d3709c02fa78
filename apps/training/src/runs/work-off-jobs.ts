import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { CheckRetrain } from '../retraining/check-retrain';
import { ExecuteRun } from './execute-run';
import { MoveRun } from './move-run';
import { TrainingJobs } from './training-jobs.port';

/** Joins the queue to the use cases for as long as the application lives. */
@Injectable()
export class WorkOffJobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly jobs: TrainingJobs,
    private readonly runs: ExecuteRun,
    private readonly moves: MoveRun,
    private readonly retrains: CheckRetrain,
  ) {}

  onApplicationBootstrap(): void {
    void this.jobs.begin({
      run: (runId, signal) => this.runs.execute(runId, signal),
      runLost: (runId) =>
        this.moves.fail(
          runId,
          errors.internal(
            'TRAINING.WORKER_LOST',
            'Every worker that took the run up died or could not finish it.',
          ),
        ),
      checkRetrain: (retrainId) => this.retrains.check(retrainId),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.jobs.end();
  }
}
