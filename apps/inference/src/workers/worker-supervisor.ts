import cluster, { type Worker } from 'node:cluster';
import type { CommonConfig } from '@steward/service';
import type { Logger } from 'pino';
import { AggregatorRegistry } from 'prom-client';
import { settledPort } from './free-ports';
import type { MetricsMessage, SpentMessage, WorkerMessage } from './worker-messages';
import { WorkerSlot } from './worker-slot';

/**
 * The primary of N worker processes that answer on the same two ports. It does no requests itself: it replaces workers
 * that die (with back-off), restarts all of them one after the other at SIGHUP, and adds up their metrics.
 */
export class WorkerSupervisor {
  private readonly slots: WorkerSlot[];
  private readonly registry = new AggregatorRegistry();
  private readonly restart = (): void => void this.restartWorkers();
  private restarting: Promise<void> | null = null;

  private constructor(
    workers: number,
    readonly httpPort: number,
    readonly grpcPort: number,
    private readonly logger: Logger,
  ) {
    const environment = {
      STEWARD_INFERENCE_HTTP_PORT: String(httpPort),
      STEWARD_INFERENCE_GRPC_PORT: String(grpcPort),
    };
    this.slots = Array.from(
      { length: workers },
      () =>
        new WorkerSlot(environment, {
          onStart: (worker) => worker.on('message', (message: WorkerMessage) => this.heard(worker, message)),
          onCrash: (worker, why, delayMs) =>
            this.logger.error(
              { worker: worker.process.pid, why, delayMs },
              'A worker ended by itself; another takes its place.',
            ),
        }),
    );
  }

  /** Resolves when all workers listen. */
  static async start(workers: number, config: CommonConfig, logger: Logger): Promise<WorkerSupervisor> {
    const httpPort = await settledPort(config.host, config.httpPort);
    const grpcPort = await settledPort(config.host, config.grpcPort);
    const supervisor = new WorkerSupervisor(workers, httpPort, grpcPort, logger);
    process.on('SIGHUP', supervisor.restart);
    await Promise.all(supervisor.slots.map((slot) => slot.start()));
    return supervisor;
  }

  /** One after the other: a new worker listens before the old one takes no more and ends what it has. */
  restartWorkers(): Promise<void> {
    this.restarting ??= this.roll().finally(() => {
      this.restarting = null;
    });
    return this.restarting;
  }

  async close(): Promise<void> {
    process.off('SIGHUP', this.restart);
    await Promise.all(this.slots.map((slot) => slot.stop()));
  }

  private async roll(): Promise<void> {
    this.logger.info({ workers: this.slots.length }, 'All workers are restarted, one after the other.');
    for (const slot of this.slots) {
      if (!(await slot.replace())) {
        this.logger.error('A new worker does not get up; the workers that are left go on as they are.');
        return;
      }
    }
    this.logger.info('All workers are restarted.');
  }

  private heard(worker: Worker, message: WorkerMessage): void {
    if (message.type === 'metrics-wanted') void this.answerMetrics(worker, message.request);
    if (message.type === 'spent') this.tellOthers(worker, message);
  }

  private tellOthers(worker: Worker, message: SpentMessage): void {
    for (const other of Object.values(cluster.workers ?? {}))
      if (other && other !== worker && other.isConnected()) other.send(message);
  }

  private async answerMetrics(worker: Worker, request: number): Promise<void> {
    const text = await this.registry.clusterMetrics().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'The metrics of the workers cannot be collected.');
      return null;
    });
    const reply: MetricsMessage = { type: 'metrics', request, text };
    if (worker.isConnected()) worker.send(reply);
  }
}

/** True in a process that a {@link WorkerSupervisor} started. */
export const isWorker = (): boolean => cluster.isWorker;
