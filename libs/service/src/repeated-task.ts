import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

/**
 * Does its work again and again, a pause between the end of one run and the next. A failed run is logged and tried again
 * after the pause; shutdown waits for the run that is going on.
 */
export abstract class RepeatedTask implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(this.constructor.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private busy = false;
  private woken = false;

  protected abstract readonly pauseMs: number;
  protected abstract work(): Promise<void>;

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Lets it run without waiting for the pause to end; while it runs: once more after that. */
  wake(): void {
    if (this.busy) this.woken = true;
    else this.schedule(0);
  }

  private schedule(afterMs: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.running = this.run().then(() => this.schedule(this.woken ? 0 : this.pauseMs));
    }, afterMs);
  }

  private async run(): Promise<void> {
    this.busy = true;
    this.woken = false;
    try {
      await this.work();
    } catch (error) {
      this.logger.error(error);
    } finally {
      this.busy = false;
    }
  }
}
