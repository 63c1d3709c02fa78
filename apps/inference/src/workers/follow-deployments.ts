import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { KeepServing } from '../deployments/keep-serving';
import { InferenceConfig } from '../inference.config';

/** Less than a second, so that no two processes answer by different deployments for longer. */
const EVERY_MS = 400;

/**
 * One process of several handles the event that moves an alias, and knows at once; the others see it in the table. Off
 * where there is one process, for then there is nobody else.
 */
@Injectable()
export class FollowDeployments implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly serving: KeepServing,
    private readonly config: InferenceConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.workers === 1) return;
    this.timer = setInterval(() => this.serving.refresh(), EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }
}
