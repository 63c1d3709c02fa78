import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { KeepServing } from '../deployments/keep-serving';
import { ComparisonCounter } from './comparison-counter';
import { ComparisonRepository } from './comparison.repository';
import { JudgeRollouts } from './judge-rollouts';

const EVERY_MS = 500;
const PRUNE_MS = 60 * 60_000;

/** Writes down what this process counted, and judges what goes on, again and again. */
@Injectable()
export class KeepJudging implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeepJudging.name);
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private troubled = false;
  private prunedAt = Date.now();

  constructor(
    private readonly counter: ComparisonCounter,
    private readonly comparisons: ComparisonRepository,
    private readonly judge: JudgeRollouts,
    private readonly serving: KeepServing,
  ) {}

  onApplicationBootstrap(): void {
    this.later();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.running;
    await this.write().catch(() => undefined);
  }

  private later(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.round().finally(() => this.later());
    }, EVERY_MS);
    this.timer.unref();
  }

  private async round(): Promise<void> {
    try {
      await this.write();
      if (await this.judge.execute()) this.serving.refresh();
      if (Date.now() - this.prunedAt > PRUNE_MS) {
        this.prunedAt = Date.now();
        await this.comparisons.prune();
      }
      this.troubled = false;
    } catch (error) {
      if (!this.troubled)
        this.logger.warn({ err: error }, 'Canaries cannot be judged now; it is tried again.');
      this.troubled = true;
    }
  }

  private async write(): Promise<void> {
    const changed = this.counter.changed();
    try {
      await this.comparisons.put(this.counter.source, changed);
    } catch (error) {
      this.counter.again(changed.keys());
      throw error;
    }
  }
}
