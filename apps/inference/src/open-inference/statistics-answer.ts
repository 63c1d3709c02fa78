import type {
  InferBatchStatistics,
  ModelStatistics as ModelStatisticsMessage,
  StatisticDuration,
} from '@steward/contracts/generated/open_inference/open_inference';
import type { Duration, VersionStatistics } from '../infer/model-statistics';

const NONE: StatisticDuration = { count: 0, ns: 0 };
const inNanoseconds = ({ count, ms }: Duration): StatisticDuration => ({ count, ns: Math.round(ms * 1e6) });

/**
 * The figures as Triton's message has them. `compute_infer` holds what the request waited for the engine, so that
 * `queue` is always 0; `compute_output` holds the wait for the prediction log. There is no cache.
 */
export function statisticsAnswer(of: VersionStatistics): ModelStatisticsMessage {
  const { input, infer, output } = of.stages;
  return {
    name: of.name,
    version: String(of.version),
    lastInference: of.last,
    inferenceCount: of.rows,
    executionCount: of.success.count,
    inferenceStats: {
      success: inNanoseconds(of.success),
      fail: inNanoseconds(of.fail),
      queue: { count: of.success.count, ns: 0 },
      computeInput: inNanoseconds(input),
      computeInfer: inNanoseconds(infer),
      computeOutput: inNanoseconds(output),
      cacheHit: NONE,
      cacheMiss: NONE,
    },
    batchStats: [...of.byRows]
      .sort(([a], [b]) => a - b)
      .map(([batchSize, stages]): InferBatchStatistics => ({
        batchSize,
        computeInput: inNanoseconds(stages.input),
        computeInfer: inNanoseconds(stages.infer),
        computeOutput: inNanoseconds(stages.output),
      })),
  };
}

/** The same with the field names of the protocol's JSON form. */
export function statisticsJson(of: VersionStatistics): unknown {
  return snakeCased({ ...statisticsAnswer(of) });
}

function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeCased(each),
    ]),
  );
}
