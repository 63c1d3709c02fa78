import { z } from 'zod';

/** Settings of inference beside the common ones. */
export const InferenceSettings = z.object({
  STEWARD_INFERENCE_MAX_ROWS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe('Most elements of one input tensor.'),
  STEWARD_INFERENCE_MAX_BODY_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .max(16 * 1024 * 1024)
    .default(16 * 1024 * 1024)
    .describe(
      'Largest REST body with binary tensors, bytes. A gRPC message and a JSON body hold 16 MiB at most.',
    ),
  STEWARD_INFERENCE_WORKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe(
      'Processes that answer on the same ports; in production one a core. SIGHUP restarts them in turn.',
    ),
  STEWARD_INFERENCE_IN_FLIGHT_REQUESTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(4_096)
    .describe('Requests that a process has in hand at most; more are refused with advice to try again.'),
  STEWARD_INFERENCE_IN_FLIGHT_ROWS: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000_000)
    .default(32_768)
    .describe(
      'The same in rows. A larger request is taken when it is alone. Lower it for shorter waits under overload, where callers come evenly.',
    ),
  STEWARD_INFERENCE_BATCHING: z
    .string()
    .max(100_000)
    .default('{}')
    .describe(
      'Dynamic batching by model name, as JSON: {"risk": {"maxRows": 64, "maxDelayMs": 1, "queueRows": 20000, "timeoutMs": 5000}, "*": "off"}. Unsaid: on for ONNX Runtime, off for the scorer.',
    ),
  STEWARD_INFERENCE_LIMITS: z
    .string()
    .max(1_000_000)
    .default('{}')
    .describe(
      'How much callers and projects may ask for, as JSON: {"caller": {"requestsPerSecond": 100, "burst": 200, "rowsPerSecond": 5000, "rowsPerDay": 1000000}, "callers": {"<key or holder>": {}}, "project": {}, "projects": {"risk": {}}}. Unsaid: as much as they want.',
    ),
  STEWARD_INFERENCE_ENGINE_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Threads of a process that run large batches of ONNX Runtime.'),
  STEWARD_INFERENCE_ENGINE_QUEUE_ROWS: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(100_000_000)
    .default(200_000)
    .describe('Rows that may wait for those threads; more are refused.'),
  STEWARD_INFERENCE_EXPLAIN_ROWS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(256)
    .describe('Most rows of a request that is to be explained.'),
  STEWARD_INFERENCE_EXPLAIN_QUEUE_ROWS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(4_096)
    .describe(
      'Rows of a process that may wait to be explained; more are refused. Counterfactuals count 64 a row.',
    ),
  STEWARD_INFERENCE_EXPLAIN_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(60_000)
    .default(5_000)
    .describe('Longest time of an explanation, its wait included, ms.'),
  STEWARD_INFERENCE_LOG_MEMORY_BYTES: z.coerce
    .number()
    .int()
    .min(1024 * 1024)
    .max(1024 ** 3)
    .default(8 * 1024 * 1024)
    .describe('Buffered predictions that wait in the memory of a process, bytes.'),
  STEWARD_INFERENCE_LOG_SPOOL_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(1024 ** 4)
    .default(256 * 1024 * 1024)
    .describe('Buffered predictions that wait on the disk while the bus is away, bytes for each process.'),
});

/** The settings that the data plane reads; an injection token. */
export class InferenceConfig {
  readonly maxRows: number;
  readonly maxBodyBytes: number;
  readonly workers: number;
  readonly inFlightRequests: number;
  readonly inFlightRows: number;
  readonly batching: string;
  readonly limits: string;
  readonly engineThreads: number;
  readonly engineQueueRows: number;
  readonly explainRows: number;
  readonly explainQueueRows: number;
  readonly explainTimeoutMs: number;
  readonly logMemoryBytes: number;
  readonly logSpoolBytes: number;

  /** @param threadArguments Node.js arguments of engine threads: tests run them from their sources */
  constructor(
    settings: z.output<typeof InferenceSettings>,
    readonly threadArguments: readonly string[] = [],
  ) {
    this.maxRows = settings.STEWARD_INFERENCE_MAX_ROWS;
    this.maxBodyBytes = settings.STEWARD_INFERENCE_MAX_BODY_BYTES;
    this.workers = settings.STEWARD_INFERENCE_WORKERS;
    this.inFlightRequests = settings.STEWARD_INFERENCE_IN_FLIGHT_REQUESTS;
    this.inFlightRows = settings.STEWARD_INFERENCE_IN_FLIGHT_ROWS;
    this.batching = settings.STEWARD_INFERENCE_BATCHING;
    this.limits = settings.STEWARD_INFERENCE_LIMITS;
    this.engineThreads = settings.STEWARD_INFERENCE_ENGINE_THREADS;
    this.engineQueueRows = settings.STEWARD_INFERENCE_ENGINE_QUEUE_ROWS;
    this.explainRows = settings.STEWARD_INFERENCE_EXPLAIN_ROWS;
    this.explainQueueRows = settings.STEWARD_INFERENCE_EXPLAIN_QUEUE_ROWS;
    this.explainTimeoutMs = settings.STEWARD_INFERENCE_EXPLAIN_TIMEOUT_MS;
    this.logMemoryBytes = settings.STEWARD_INFERENCE_LOG_MEMORY_BYTES;
    this.logSpoolBytes = settings.STEWARD_INFERENCE_LOG_SPOOL_BYTES;
  }
}
