import { Injectable, Logger } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { errors } from '@steward/kernel';
import { CompiledQuery } from 'kysely';
import { PgBoss, type Job } from 'pg-boss';
import type { TrainingTables } from '../training-tables';
import type { JobHandlers, TrainingJobs } from './training-jobs.port';
import { TrainingQueue } from './training-queue.port';

const TRAIN = 'train-run';
const TRAIN_DEAD = 'train-run-dead';
const CHECK_RETRAIN = 'check-retrain';
const QUEUES = [TRAIN_DEAD, TRAIN, CHECK_RETRAIN];

/** A worker that says nothing for this long is dead; with the supervisor's interval that is noticed within 15 s. */
const HEARTBEAT_SECONDS = 10;
const SUPERVISE_SECONDS = 2;
/** pg-boss looks for dead workers only where this has passed too; its default of 60 would undo the interval above. */
const MONITOR_SECONDS = 1;

export interface TrainingQueueOptions {
  readonly databaseUrl: string;
  /** Runs that this process trains at a time; 0: it queues runs for other processes. Default 1. */
  readonly concurrency?: number;
  /** Default `training_jobs`; the service's role owns it. */
  readonly schema?: string;
}

/** The durable queue: pg-boss in a schema of its own, in the same database, so that jobs commit with their cause. */
@Injectable()
export class PgBossTrainingQueue extends TrainingQueue implements TrainingJobs {
  private readonly logger = new Logger(PgBossTrainingQueue.name);
  private readonly stopping = new AbortController();
  private boss: PgBoss | undefined;

  constructor(private readonly options: TrainingQueueOptions) {
    super();
  }

  get ready(): boolean {
    return this.boss !== undefined;
  }

  async begin(handlers: JobHandlers): Promise<void> {
    for (let wait = 200; !this.boss && !this.stopping.signal.aborted; wait = Math.min(5_000, wait * 2)) {
      // One that failed to start is not started again: another takes its place.
      const boss = this.make();
      try {
        await boss.start();
        await this.createQueues(boss);
        await this.work(boss, handlers);
        if (this.stopping.signal.aborted) await boss.stop({ graceful: false });
        else this.boss = boss;
      } catch (error) {
        this.logger.warn({ err: error }, 'The job queue cannot start yet; it is tried again.');
        await boss.stop({ graceful: false }).catch(() => undefined);
        await pause(wait, this.stopping.signal);
      }
    }
  }

  async end(): Promise<void> {
    this.stopping.abort();
    const { boss } = this;
    this.boss = undefined;
    await boss?.stop({ graceful: true, timeout: 4_000 }).catch(() => undefined);
  }

  private make(): PgBoss {
    const boss = new PgBoss({
      connectionString: this.options.databaseUrl,
      schema: this.options.schema ?? 'training_jobs',
      // migrate() made the schema; the service's role may not make any.
      createSchema: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: MONITOR_SECONDS,
      schedule: false,
      max: 4,
      application_name: 'steward-training-jobs',
    });
    boss.on('error', (error) => this.logger.warn({ err: error }, 'The job queue had a fault and goes on.'));
    return boss;
  }

  private async work(boss: PgBoss, handlers: JobHandlers): Promise<void> {
    const { signal } = this.stopping;
    const polling = { pollingIntervalSeconds: 0.5, batchSize: 1 };
    const { concurrency = 1 } = this.options;
    if (concurrency > 0) {
      await boss.work<{ id: string }>(
        TRAIN,
        { ...polling, localConcurrency: concurrency, heartbeatRefreshSeconds: 3 },
        (jobs) => handlers.run(idOf(jobs), signal),
      );
    }
    await boss.work<{ id: string }>(TRAIN_DEAD, polling, (jobs) => handlers.runLost(idOf(jobs)));
    await boss.work<{ id: string }>(CHECK_RETRAIN, polling, (jobs) => handlers.checkRetrain(idOf(jobs)));
  }

  async queueRun(unit: UnitOfWork<TrainingTables>, runId: string): Promise<void> {
    await this.send(unit, TRAIN, runId);
  }

  async queueRetrainCheck(unit: UnitOfWork<TrainingTables>, retrainId: string): Promise<void> {
    await this.send(unit, CHECK_RETRAIN, retrainId);
  }

  private async send(unit: UnitOfWork<TrainingTables>, queue: string, id: string): Promise<void> {
    const { boss } = this;
    if (!boss) {
      throw errors.unavailable(
        'TRAINING.QUEUE_NOT_READY',
        'The job queue is not ready yet. Try again in a moment.',
      );
    }
    const executeSql = async (text: string, values: unknown[] = []) => ({
      rows: (await unit.tx.executeQuery(CompiledQuery.raw(text, values))).rows,
    });
    await boss.send(queue, { id }, { db: { executeSql } });
  }

  private async createQueues(boss: PgBoss): Promise<void> {
    const retries = { retryLimit: 5, retryDelay: 1, retryBackoff: true, retryDelayMax: 30 };
    for (const name of QUEUES) {
      const existing = await boss.getQueue(name);
      if (existing) continue;
      await boss.createQueue(name, {
        ...retries,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        expireInSeconds: 23 * 3_600,
        ...(name === TRAIN ? { deadLetter: TRAIN_DEAD } : {}),
        ...(name === CHECK_RETRAIN ? { retryLimit: 100 } : {}),
      });
    }
  }
}

function idOf(jobs: Job<{ id: string }>[]): string {
  return jobs[0]!.data.id;
}

function pause(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
