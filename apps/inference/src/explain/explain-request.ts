import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import type { ModelDescriptor } from '@steward/contracts';
import { errors } from '@steward/kernel';
import { parseReference } from '@steward/statistics';
import type { RequestColumns } from '../infer/read-columns';
import { allowedChanges, MOST_COUNTERFACTUAL_ROWS, type ExplainOptions } from './explain-options';
import type { CounterfactualWork } from './explain-rows';
import { ExplainMetrics } from './explain.metrics';
import { Explainer } from './explainer';
import type { ExplainedMargins } from './explanation';

const MAX_REFERENCE_BYTES = 32 * 1024 * 1024;

/** Explains the rows of a request that is being answered. */
@Injectable()
export class ExplainRequest {
  constructor(
    private readonly explainer: Explainer,
    private readonly artifacts: ArtifactStore,
    private readonly metrics: ExplainMetrics,
  ) {}

  /** Throws what {@link Explainer} does, before anything is logged, and what the options are refused for. */
  async execute(
    name: string,
    descriptor: ModelDescriptor,
    { inputs: columns, rows }: Pick<RequestColumns, 'inputs' | 'rows'>,
    { counterfactuals }: ExplainOptions,
    deadline: number | undefined,
  ): Promise<ExplainedMargins> {
    this.explainer.requireFew(rows);
    const wanted = counterfactuals ? await this.counterfactuals(descriptor, rows, counterfactuals) : null;
    return await this.metrics.observe(
      { name, kind: wanted ? 'counterfactuals' : 'contributions', rows },
      () => this.explainer.explain(descriptor.digest, { columns, rows, counterfactuals: wanted }, deadline),
    );
  }

  private async counterfactuals(
    descriptor: ModelDescriptor,
    rows: number,
    options: NonNullable<ExplainOptions['counterfactuals']>,
  ): Promise<CounterfactualWork> {
    const wanted =
      options.rows ?? Array.from({ length: Math.min(rows, MOST_COUNTERFACTUAL_ROWS + 1) }, (_, i) => i);
    if (wanted.length > MOST_COUNTERFACTUAL_ROWS) {
      throw errors.limit(
        'INFERENCE.EXPLAIN_TOO_MANY_ROWS',
        `Counterfactuals are looked for in ${MOST_COUNTERFACTUAL_ROWS} rows at a time; name them in counterfactuals.rows.`,
        { details: { limit: MOST_COUNTERFACTUAL_ROWS } },
      );
    }
    const beyond = wanted.find((row) => row >= rows);
    if (beyond !== undefined) {
      throw errors.invalid(
        'INFERENCE.ROW_UNKNOWN',
        `counterfactuals.rows names row ${beyond}; the request has rows 0 to ${rows - 1}.`,
      );
    }
    const { max_changes, count } = options;
    const changes = allowedChanges(descriptor, options);
    const reference = await this.artifacts.read(descriptor.referenceDigest, {
      maxBytes: MAX_REFERENCE_BYTES,
    });
    return {
      ...changes,
      rows: wanted,
      max_changes,
      count,
      threshold: descriptor.decisionThreshold,
      reference: parseReference(JSON.parse(reference.toString('utf8'))),
    };
  }
}
