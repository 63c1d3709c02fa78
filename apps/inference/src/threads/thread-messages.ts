import type { AppErrorOptions } from '@steward/kernel';

/** What a thread is asked. `open` comes before the first `run` of a model. */
export type ThreadRequest<Opening, Work> =
  | { readonly kind: 'open'; readonly model: string; readonly opening: Opening }
  | { readonly kind: 'run'; readonly job: number; readonly model: string; readonly work: Work }
  | { readonly kind: 'close'; readonly model: string }
  | { readonly kind: 'end' };

/** What it answers to a `run`. */
export type ThreadReply<Result> =
  | { readonly job: number; readonly result: Result }
  | { readonly job: number; readonly error: Omit<AppErrorOptions, 'cause'> };
