import type { AppErrorOptions } from '@steward/kernel';
import type { FitProgress } from '../learner/progress';
import type { FitResult } from './fit-job';

/** What a worker sends back. Errors travel as their parts: structured cloning loses the class. */
export type WorkerReply =
  | { readonly kind: 'progress'; readonly progress: FitProgress }
  | { readonly kind: 'result'; readonly result: FitResult }
  | { readonly kind: 'refused'; readonly error: AppErrorOptions }
  | { readonly kind: 'failed'; readonly message: string };
