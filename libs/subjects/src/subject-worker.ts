import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { SERVICE_NAME } from '@steward/access';
import { AppError } from '@steward/kernel';
import { HealthIndicator, type HealthReport } from '@steward/service';
import { DoSubjectTask } from './do-subject-task';
import { RestoreErasures } from './restore-erasures';
import { SubjectTaskMetrics } from './subject-task.metrics';
import { SubjectTasks, type SubjectTask } from './subject-tasks';

const TRY_AGAIN_MS = 2_000;

/**
 * Works off this service's tasks about data subjects, one after the other, at the start and whenever one comes. The
 * service is not ready before every erasure that a restore may have undone is done again.
 */
@Injectable()
export class SubjectWorker extends HealthIndicator implements OnApplicationBootstrap, OnModuleDestroy {
  readonly name = 'erasures';
  readonly scope = 'ready' as const;
  private readonly logger = new Logger(SubjectWorker.name);
  private readonly metrics: SubjectTaskMetrics;
  /** Null until the list of erasures was compared with the database. */
  private restored: Set<string> | null = null;
  private running: Promise<void> | null = null;
  private again = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SERVICE_NAME) private readonly service: string,
    private readonly restore: RestoreErasures,
    private readonly tasks: SubjectTasks,
    private readonly task: DoSubjectTask,
  ) {
    super();
    this.metrics = new SubjectTaskMetrics(service);
  }

  onApplicationBootstrap(): void {
    this.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** To be called after the commit that added a task. */
  wake(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = this.run().finally(() => {
      this.running = null;
      if (!this.again) return;
      this.again = false;
      this.wake();
    });
  }

  check(): HealthReport {
    if (this.restored === null)
      return { ok: false, detail: 'The list of erasures is still being compared with the database.' };
    return this.restored.size === 0
      ? { ok: true }
      : { ok: false, detail: `${this.restored.size} erasures are being applied again.` };
  }

  private async run(): Promise<void> {
    try {
      this.restored ??= new Set(await this.restore.execute(this.service));
      if (this.restored.size > 0)
        this.logger.warn(`${this.restored.size} erasures are applied again: the start found them undone.`);
      const waiting = await this.tasks.waiting();
      this.metrics.waiting(waiting);
      for (const task of waiting) {
        if (this.stopped) return;
        if (!(await this.attempt(task))) this.later();
      }
      this.metrics.waiting(await this.tasks.waiting());
    } catch (error) {
      this.logger.warn(`Tasks about data subjects cannot be read at the moment: ${String(error)}`);
      this.later();
    }
  }

  private async attempt(task: SubjectTask): Promise<boolean> {
    try {
      await this.task.execute(task);
      this.restored?.delete(task.requestId);
      this.metrics.done(task.kind);
      return true;
    } catch (error) {
      this.metrics.failed(task.kind);
      // Never the error's own text: it may hold a value.
      const code = AppError.is(error) ? error.code : 'INTERNAL';
      this.logger.error(
        { code, request: task.requestId },
        'A task about a data subject failed; it is tried again.',
      );
      await this.tasks.failed(task.requestId, code).catch(() => undefined);
      return false;
    }
  }

  private later(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), TRY_AGAIN_MS);
  }
}
