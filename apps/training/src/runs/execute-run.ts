import { Injectable, Logger } from '@nestjs/common';
import { AppError, Clock, isRetriable } from '@steward/kernel';
import type { TrainedModel } from '../experiment/trained-model';
import { RegisterModel } from '../registry/register-model';
import { GatherMaterial } from './gather-material';
import { MoveRun } from './move-run';
import type { Run, RunProgress } from './run';
import { RunExecutor, type ExecutionRequest } from './run-executor.port';
import { RunRepository } from './run.repository';
import { TrainingMetrics } from './training.metrics';

/** How often a running job writes its progress, and learns that it was cancelled or overtaken. */
const REPORT_MS = 500;

/** The job: takes a run up, has it trained, registers the model. Safe to run again at any point. */
@Injectable()
export class ExecuteRun {
  private readonly logger = new Logger(ExecuteRun.name);

  constructor(
    private readonly runs: RunRepository,
    private readonly moves: MoveRun,
    private readonly gather: GatherMaterial,
    private readonly executor: RunExecutor,
    private readonly register: RegisterModel,
    private readonly metrics: TrainingMetrics,
    private readonly clock: Clock,
  ) {}

  /** Rejects only with what may pass: the queue then tries again. `signal` stops the work when the service ends. */
  async execute(runId: string, signal: AbortSignal): Promise<void> {
    const run = await this.moves.takeUp(runId);
    if (!run) return;
    const began = this.clock.now();
    try {
      const { request, material } = await this.gather.of(run);
      const trained = await this.train(run, request, signal);
      if (trained === null) return;
      const version = await this.register.register(run, trained, material);
      if (version) this.metrics.succeeded((this.clock.now() - began) / 1_000, trained);
    } catch (error) {
      if (signal.aborted || isRetriable(error)) throw error;
      this.logger.error({ err: error, run: run.id, attempt: run.attempt }, 'A training run failed.');
      await this.moves.fail(run.id, error, run.attempt);
      this.metrics.failed((this.clock.now() - began) / 1_000);
    }
  }

  /** Null: the run was cancelled, or another worker took it up. */
  private async train(
    run: Run,
    request: ExecutionRequest,
    signal: AbortSignal,
  ): Promise<TrainedModel | null> {
    const overtaken = new AbortController();
    let latest: RunProgress | null = null;
    const timer = setInterval(() => {
      const progress = latest;
      latest = null;
      this.runs.report(run.id, run.attempt, progress).then(
        (mine) => mine || overtaken.abort(),
        // The database may be away for a while; the training need not stop for that.
        (error: unknown) => this.logger.warn({ err: error, run: run.id }, 'Progress could not be written.'),
      );
    }, REPORT_MS);
    try {
      return await this.executor.execute(request, {
        onProgress: (progress) => (latest = progress),
        signal: AbortSignal.any([signal, overtaken.signal]),
      });
    } catch (error) {
      if (overtaken.signal.aborted && AppError.is(error) && error.code === 'TRAINING.RUN_STOPPED')
        return null;
      throw error;
    } finally {
      clearInterval(timer);
    }
  }
}
