import { Inject, Injectable, Logger } from '@nestjs/common';
import { SERVICE_NAME } from '@steward/access';
import { AppError } from '@steward/kernel';
import { RepeatedTask } from '@steward/service';
import { Counter, Gauge, register } from 'prom-client';
import { DoRetentionTask } from './do-retention-task';
import { RetentionTasks, type RetentionTask } from './retention-tasks';

const IDLE_MS = 60_000;
const TRY_AGAIN_MS = 2_000;

/** Works off what governance ordered to be counted or deleted by age: at the start, and whenever an order comes. */
@Injectable()
export class RetentionWorker extends RepeatedTask {
  private readonly log = new Logger(RetentionWorker.name);
  private readonly waiting: Gauge;
  private readonly deleted: Counter;
  private failing = false;

  constructor(
    @Inject(SERVICE_NAME) service: string,
    private readonly tasks: RetentionTasks,
    private readonly task: DoRetentionTask,
  ) {
    super();
    const at = (name: string): string => `steward_${service}_retention_${name}`;
    // Metrics live in one registry per process; several applications in one test process share them.
    this.waiting =
      (register.getSingleMetric(at('tasks_waiting')) as Gauge | undefined) ??
      new Gauge({ name: at('tasks_waiting'), help: 'Orders of retention that are not done yet.' });
    this.deleted =
      (register.getSingleMetric(at('deleted_items_total')) as Counter | undefined) ??
      new Counter({
        name: at('deleted_items_total'),
        help: 'Rows, records and texts that were deleted by age on order.',
        labelNames: ['class'],
      });
  }

  protected get pauseMs(): number {
    return this.failing ? TRY_AGAIN_MS : IDLE_MS;
  }

  protected async work(): Promise<void> {
    const waiting = await this.tasks.waiting();
    this.waiting.set(waiting.length);
    this.failing = false;
    for (const task of waiting) if (!(await this.attempt(task))) this.failing = true;
    if (waiting.length > 0) this.waiting.set((await this.tasks.waiting()).length);
  }

  private async attempt(task: RetentionTask): Promise<boolean> {
    try {
      for (const part of await this.task.execute(task)) this.deleted.inc({ class: part.class }, part.items);
      return true;
    } catch (error) {
      // Never the error's own text: it may hold a value.
      const code = AppError.is(error) ? error.code : 'INTERNAL';
      this.log.error({ code, run: task.runId }, 'A deletion by age failed; it is tried again.');
      await this.tasks.failed(task, code).catch(() => undefined);
      return false;
    }
  }
}
