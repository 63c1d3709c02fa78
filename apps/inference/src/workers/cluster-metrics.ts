import { errors } from '@steward/kernel';
import { AggregatorRegistry } from 'prom-client';
import type { MetricsMessage, PrimaryMessage, WorkerMessage } from './worker-messages';

const TIME_OUT_MS = 10_000;

interface Waiting {
  readonly resolve: (text: string) => void;
  readonly reject: (error: unknown) => void;
}

/** In a worker: the metrics of all workers together, which the primary adds up. */
export class ClusterMetrics {
  /** Made for what it does: from then on this process answers the primary's requests for its own figures. */
  protected readonly own = new AggregatorRegistry();
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor() {
    process.on('message', (message: PrimaryMessage) => {
      if (message.type === 'metrics') this.settle(message);
    });
  }

  text(): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = ++this.last;
      this.waiting.set(request, { resolve, reject });
      setTimeout(() => this.settle({ type: 'metrics', request, text: null }), TIME_OUT_MS).unref();
      process.send?.({ type: 'metrics-wanted', request } satisfies WorkerMessage);
    });
  }

  private settle({ request, text }: MetricsMessage): void {
    const waiting = this.waiting.get(request);
    this.waiting.delete(request);
    if (text !== null) waiting?.resolve(text);
    else
      waiting?.reject(
        errors.unavailable('INFERENCE.METRICS_AWAY', 'The metrics of all workers cannot be collected now.'),
      );
  }
}
