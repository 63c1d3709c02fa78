import type { AppErrorOptions } from '@steward/kernel';
import type { GraphSignature } from '@steward/onnx';
import type { InputColumn } from './engine';

/** What a runtime thread is asked. `open` comes before the first `run` of a model. */
export type RuntimeRequest =
  | {
      readonly kind: 'open';
      readonly model: number;
      readonly onnx: Uint8Array;
      readonly signature: GraphSignature;
    }
  | {
      readonly kind: 'run';
      readonly job: number;
      readonly model: number;
      readonly columns: readonly InputColumn[];
      readonly rows: number;
    }
  | { readonly kind: 'close'; readonly model: number };

/** What it answers to a `run`. */
export type RuntimeReply =
  | { readonly job: number; readonly probabilities: Float64Array }
  | { readonly job: number; readonly error: Omit<AppErrorOptions, 'cause'> };
