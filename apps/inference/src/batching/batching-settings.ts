import { errors } from '@steward/kernel';
import { z } from 'zod';
import type { Engine } from '../engines/engine';

/** How requests of one model are put together. Counted in rows, not in requests. */
export interface BatchLimits {
  /** A batch is dispatched as soon as it has so many rows. */
  readonly maxRows: number;
  /** Longest that a row waits for others; 0: only for those that come in the same turn of the event loop. */
  readonly maxDelayMs: number;
  /** Rows that may wait; more are refused. */
  readonly queueRows: number;
  /** A request that waits longer is given up. */
  readonly timeoutMs: number;
}

/**
 * The defaults, which are those that measured best (docs/benchmarks/serving.md): requests of one turn are put together,
 * so that nobody waits for anybody who is not there yet.
 */
const Limits = z.strictObject({
  maxRows: z.number().int().min(1).max(100_000).default(64),
  maxDelayMs: z.number().min(0).max(1_000).default(0),
  queueRows: z.number().int().min(1).max(10_000_000).default(20_000),
  timeoutMs: z.number().int().min(1).max(60_000).default(5_000),
});
const Setting = z.union([z.literal('off'), Limits]);
const Settings = z.record(z.string().min(1).max(200), Setting);

/** Per model name; `*` stands for all models that ONNX Runtime answers, for the scorer is faster alone. */
export class BatchingSettings {
  private readonly byModel: Readonly<Record<string, BatchLimits | 'off'>>;

  /** @param text the value of STEWARD_INFERENCE_BATCHING */
  constructor(text: string) {
    const parsed = Settings.safeParse(parseJson(text));
    if (!parsed.success) throw wrong(parsed.error.issues[0]!.message);
    this.byModel = parsed.data;
  }

  /** Null: each request is given to the engine alone. */
  of(model: string, engine: Engine['kind']): BatchLimits | null {
    const own = this.byModel[model];
    const setting = own ?? (engine === 'scorer' ? 'off' : (this.byModel['*'] ?? Limits.parse({})));
    return setting === 'off' ? null : setting;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong('it is not JSON');
  }
}

function wrong(why: string): Error {
  return errors.invalid(
    'INFERENCE.BATCHING_INVALID',
    `STEWARD_INFERENCE_BATCHING is an object of models and their limits, such as {"*": {"maxRows": 64}, "risk": "off"}: ${why}.`,
  );
}
