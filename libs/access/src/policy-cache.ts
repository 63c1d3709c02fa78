import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '@steward/kernel';
import { EMPTY_POLICY, type PolicySnapshot } from './policy';
import { PolicyStore } from './policy.store';

/** How often a process looks whether the copy changed. */
export const POLL_MS = 250;

/**
 * The policy in this process's memory. It follows the tables by a look at their version every 250 ms, and at once
 * after a commit of this process. When the database is away it keeps what it has and grows stale.
 */
@Injectable()
export class PolicyCache implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(PolicyCache.name);
  private snapshot: PolicySnapshot = EMPTY_POLICY;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private failing = false;
  private heartbeatAt: number | null = null;
  private lastLookAt: number;

  constructor(
    private readonly store: PolicyStore,
    private readonly clock: Clock,
  ) {
    this.lastLookAt = clock.now();
  }

  /** The policy as this process knows it now. A new object if and only if the policy changed, so it can key a cache. */
  get current(): PolicySnapshot {
    return this.snapshot;
  }

  /** Milliseconds since the last heartbeat of the policy topic; Infinity when none was ever seen. */
  get staleForMs(): number {
    return this.heartbeatAt === null ? Infinity : Math.max(0, this.clock.now() - this.heartbeatAt);
  }

  /** Milliseconds since the last attempt to look; grows only if the poller itself hangs. */
  get idleForMs(): number {
    return this.clock.now() - this.lastLookAt;
  }

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.schedule();
  }

  /** Stops polling and waits for the look that runs. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Looks now. Never rejects: a database that is away leaves the policy as it was. */
  async refresh(): Promise<void> {
    // One after the other: a look that runs already may have missed what the caller just committed.
    this.running = this.running.then(() => this.look());
    await this.running;
  }

  private async look(): Promise<void> {
    this.lastLookAt = this.clock.now();
    try {
      const state = await this.store.state();
      if (state.version !== this.snapshot.version) this.snapshot = await this.store.load();
      this.heartbeatAt = state.heartbeatAt;
      if (this.failing) this.logger.log('The policy copy can be read again.');
      this.failing = false;
    } catch (error) {
      if (!this.failing)
        this.logger.warn({ err: error }, 'The policy copy cannot be read; the last one holds.');
      this.failing = true;
    }
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      void this.refresh().then(() => this.schedule());
    }, POLL_MS);
    this.timer.unref();
  }
}
