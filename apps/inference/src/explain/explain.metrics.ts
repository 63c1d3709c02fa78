import { Injectable } from '@nestjs/common';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { AppError } from '@steward/kernel';
import { tallyCounter, tallyHistogram } from '@steward/service';

/** `recomputed`: of an earlier prediction, from the log. */
export type ExplanationKind = 'contributions' | 'counterfactuals' | 'recomputed';

/** Figures and spans of explanations. Models are served or approved ones, so that labels stay few. */
@Injectable()
export class ExplainMetrics {
  private readonly rows = tallyCounter({
    name: 'steward_inference_explained_rows_total',
    help: 'Rows explained.',
    labelNames: ['model', 'kind'],
  });
  private readonly refused = tallyCounter({
    name: 'steward_inference_explanations_refused_total',
    help: 'Explanations that were not given, by the kind of the refusal.',
    labelNames: ['model', 'kind', 'outcome'],
  });
  private readonly duration = tallyHistogram({
    name: 'steward_inference_explanation_duration_seconds',
    help: 'Time of an explanation, its wait for the thread included.',
    labelNames: ['model', 'kind'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });

  async observe<T>(
    { name, kind, rows }: { readonly name: string; readonly kind: ExplanationKind; readonly rows: number },
    work: () => Promise<T>,
  ): Promise<T> {
    const attributes = { 'steward.model': name, 'steward.explanation': kind, 'steward.rows': rows };
    return await trace
      .getTracer('steward-inference')
      .startActiveSpan('explain', { attributes }, async (span) => {
        const from = performance.now();
        try {
          const result = await work();
          this.rows.cell(name, kind).add(rows);
          this.duration.cell(name, kind).observe((performance.now() - from) / 1e3);
          return result;
        } catch (error) {
          this.refused.cell(name, kind, AppError.is(error) ? error.kind : 'internal').add(1);
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      });
  }
}
