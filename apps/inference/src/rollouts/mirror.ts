import { Injectable } from '@nestjs/common';
import { ServingTable, type ServedModel } from '../deployments/serving-table';
import { readColumns, type RequestColumns } from '../infer/read-columns';
import { labelsOf, scoresOf } from '../infer/scores';
import type { Answered, Mirrored } from './compare-versions';
import { ComparisonCounter } from './comparison-counter';
import { RolloutMetrics } from './rollout.metrics';

/** Rows of requests that wait to be scored once more; what comes beyond is skipped. */
const MOST_ROWS = 20_000;

interface Job {
  readonly rows: number;
  readonly run: () => Promise<void>;
}

/**
 * Scores requests once more after their answer: one request a turn of the event loop, so that callers go before, within a
 * bound, and no failure of it reaches anybody.
 */
@Injectable()
export class Mirror {
  private readonly jobs: Job[] = [];
  private rows = 0;
  private running = false;

  constructor(
    private readonly table: ServingTable,
    private readonly counter: ComparisonCounter,
    private readonly metrics: RolloutMetrics,
  ) {}

  /** Whether another version decides the first row as it was decided. */
  agreement(key: string, other: ServedModel, request: Mirrored, label: string): void {
    this.enqueue(other, 1, async () => {
      const { scores } = await scored(other, request, firstRow);
      this.counter.compared(key, labelsOf(scores, other.descriptor)[0] === label);
    });
  }

  /** How a shadow's scores and labels differ from what was answered. */
  shadow(key: string, shadow: ServedModel, request: Mirrored, answered: Answered): void {
    const differences = this.counter.shadow(key);
    const taken = this.enqueue(shadow, answered.rows, async () => {
      try {
        const { scores } = await scored(shadow, request, (columns) => columns);
        const labels = labelsOf(scores, shadow.descriptor);
        let disagreed = 0;
        scores.forEach((score, row) => {
          const difference = score - answered.scores[row]!;
          differences.absolute += Math.abs(difference);
          differences.signed += difference;
          differences.largest = Math.max(differences.largest, Math.abs(difference));
          if (labels[row] !== answered.labels[row]) disagreed += 1;
        });
        differences.rows += scores.length;
        differences.disagreed += disagreed;
        this.metrics.shadowed(request.name, shadow.descriptor.version, scores, answered.scores, disagreed);
      } catch (error) {
        differences.failed += 1;
        this.metrics.shadowFailed(request.name, shadow.descriptor.version);
        throw error;
      } finally {
        this.counter.again([key]);
      }
    });
    if (!taken) differences.skipped += 1;
  }

  /** Resolves when nothing waits. For tests. */
  async idle(): Promise<void> {
    while (this.running) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  private enqueue(served: ServedModel, rows: number, work: () => Promise<void>): boolean {
    if (this.rows + rows > MOST_ROWS) {
      this.metrics.skipped();
      return false;
    }
    this.rows += rows;
    // Its engine must not be closed before.
    this.table.enter(served);
    const run = (): Promise<void> => work().finally(() => this.table.leave(served));
    this.jobs.push({ rows, run });
    if (!this.running) void this.workOff();
    return true;
  }

  private async workOff(): Promise<void> {
    this.running = true;
    for (let job = this.jobs.shift(); job; job = this.jobs.shift()) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      // What it failed with stands in the figures; the request has long been answered.
      await job.run().catch(() => undefined);
      this.rows -= job.rows;
    }
    this.running = false;
  }
}

async function scored(
  served: ServedModel,
  { tensors }: Mirrored,
  choose: (columns: RequestColumns) => RequestColumns,
): Promise<{ scores: Float64Array }> {
  const { descriptor, engine } = served;
  const { inputs, rows } = choose(readColumns(descriptor, tensors, undefined));
  const probabilities = await engine.score(inputs, rows);
  return { scores: scoresOf(probabilities, rows, descriptor.classes.length) };
}

const firstRow = (columns: RequestColumns): RequestColumns => ({
  ...columns,
  rows: 1,
  inputs: columns.inputs.map((column) =>
    column.kind === 'numbers'
      ? { kind: 'numbers', values: column.values.slice(0, 1) }
      : { kind: 'texts', values: column.values.slice(0, 1) },
  ),
});
