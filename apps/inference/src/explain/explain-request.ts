import { Injectable } from '@nestjs/common';
import type { ModelDescriptor } from '@steward/contracts';
import type { RequestColumns } from '../infer/read-columns';
import type { ExplainOptions } from './explain-options';
import { ExplainMetrics } from './explain.metrics';
import { Explainer } from './explainer';
import type { ExplainedMargins } from './explanation';
import { PrepareCounterfactuals } from './prepare-counterfactuals';

/** Explains the rows of a request that is being answered. */
@Injectable()
export class ExplainRequest {
  constructor(
    private readonly explainer: Explainer,
    private readonly preparing: PrepareCounterfactuals,
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
    const wanted = counterfactuals ? await this.preparing.execute(descriptor, rows, counterfactuals) : null;
    return await this.metrics.observe(
      { name, kind: wanted ? 'counterfactuals' : 'contributions', rows },
      () => this.explainer.explain(descriptor.digest, { columns, rows, counterfactuals: wanted }, deadline),
    );
  }
}
