import type { AppErrorOptions } from '@steward/kernel';
import type { GraphSignature } from '@steward/onnx';

/** What the checking process is told: the file lies on the disk, so that it is not copied through the channel. */
export interface CheckTask {
  readonly file: string;
  readonly signature: GraphSignature;
}

/** Null: the model is fit to be served. */
export type CheckVerdict = { readonly refusal: Omit<AppErrorOptions, 'cause'> | null };
