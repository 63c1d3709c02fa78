import { Injectable } from '@nestjs/common';
import { errors, type AppError } from '@steward/kernel';
import { tallyCounter } from '@steward/service';
import { InferenceConfig } from '../inference.config';

const RETRY_AFTER_MS = 100;

/**
 * Bounds what this process has in hand, in requests and in rows, and refuses more before latency collapses. What was
 * answered counts until the turn of the event loop is over: an engine that answers at once has nothing in flight, but
 * what it answered in one turn is what the last of that turn waited for.
 */
@Injectable()
export class LoadShedder {
  private requests = 0;
  private rows = 0;
  private leftRequests = 0;
  private leftRows = 0;
  private turn: NodeJS.Immediate | null = null;
  private readonly shed = tallyCounter({
    name: 'steward_inference_shed_total',
    help: 'Requests that were refused because too much was in hand, by what there was too much of.',
    labelNames: ['of'],
  });

  constructor(private readonly config: InferenceConfig) {}

  /** Takes a request in, or throws the refusal. A request larger than the bound is taken when it is alone. */
  enter(rows: number): void {
    const { inFlightRequests, inFlightRows } = this.config;
    if (this.requests >= inFlightRequests) throw this.refusal('requests', inFlightRequests);
    if (this.rows > 0 && this.rows + rows > inFlightRows) throw this.refusal('rows', inFlightRows);
    this.requests += 1;
    this.rows += rows;
  }

  leave(rows: number): void {
    this.leftRequests += 1;
    this.leftRows += rows;
    this.turn ??= setImmediate(() => {
      this.turn = null;
      this.requests -= this.leftRequests;
      this.rows -= this.leftRows;
      this.leftRequests = 0;
      this.leftRows = 0;
    });
  }

  private refusal(of: 'requests' | 'rows', limit: number): AppError {
    this.shed.cell(of).add(1);
    return errors.limit(
      'INFERENCE.OVERLOADED',
      `This process has ${limit} ${of} in hand, which is all it takes at once. Try again in a moment.`,
      { retriable: true, details: { of, limit, retryAfterMs: RETRY_AFTER_MS } },
    );
  }
}
