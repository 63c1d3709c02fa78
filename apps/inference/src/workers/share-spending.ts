import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CallerAllowances } from '../guards/caller-allowances';
import type { PrimaryMessage, WorkerMessage } from './worker-messages';
import { isWorker } from './worker-supervisor';

const EVERY_MS = 100;

/**
 * Tells the other workers ten times a second what was let through here, by way of the primary: a rate holds for all of
 * them together, but for what they let through within that tenth of a second, one burst each at most, and what is let
 * through in excess is made up for. Off where there is one process.
 */
@Injectable()
export class ShareSpending implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private readonly heard = (message: PrimaryMessage): void => {
    if (message.type === 'spent') this.allowances.debit(message.spent);
  };

  constructor(private readonly allowances: CallerAllowances) {}

  onApplicationBootstrap(): void {
    if (!isWorker()) return;
    process.on('message', this.heard);
    this.timer = setInterval(() => this.tell(), EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    process.off('message', this.heard);
    if (this.timer) clearInterval(this.timer);
  }

  private tell(): void {
    const spent = this.allowances.spent();
    if (spent.length > 0 && process.connected)
      process.send?.({ type: 'spent', spent } satisfies WorkerMessage);
  }
}
