import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };
export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };

/** Where a command reads and writes; tests give their own. */
export interface Terminal {
  readonly input: Input;
  readonly output: Output;
  readonly errors: Output;
}
