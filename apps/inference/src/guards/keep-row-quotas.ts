import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock } from '@steward/kernel';
import { CallerAllowances } from './caller-allowances';
import { forgottenBefore, hourOf } from './day-window';
import { RowQuotaRepository } from './row-quota.repository';
import { RowQuotas } from './row-quotas';

const EVERY_MS = 500;
const PRUNE_MS = 60 * 60_000;
/** Longest that a transaction of another process may have taken between its time and its commit. */
const LATE_MS = 10_000;

/**
 * Writes what this process's callers asked for twice a second, and reads what those of others did: a killed process
 * loses half a second of it, and no more than that is asked in excess of a quota at each other process.
 */
@Injectable()
export class KeepRowQuotas implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeepRowQuotas.name);
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private troubled = false;
  private prunedAt = 0;
  private readAt: number | null = null;

  constructor(
    private readonly quotas: RowQuotas,
    private readonly repository: RowQuotaRepository,
    private readonly allowances: CallerAllowances,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.round();
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
      const began = performance.now();
      const since = this.readAt === null ? null : began - this.readAt + LATE_MS;
      await this.write();
      this.quotas.read(await this.repository.changed(forgottenBefore(this.hour()), since));
      this.readAt = began;
      if (began - this.prunedAt > PRUNE_MS) {
        this.prunedAt = began;
        this.quotas.prune(this.hour(), this.allowances.windows());
        await this.repository.prune(forgottenBefore(this.hour()));
      }
      this.troubled = false;
    } catch (error) {
      if (!this.troubled)
        this.logger.warn({ err: error }, 'The daily quotas cannot be kept now; it is tried again.');
      this.troubled = true;
    }
  }

  /** Where it is not known whether a write came through, it is done again: the caller's quota may be charged twice. */
  private async write(): Promise<void> {
    const rows = this.quotas.unwritten();
    this.quotas.wrote(rows, await this.repository.add(rows));
  }

  private hour(): number {
    return hourOf(this.clock.now());
  }
}
