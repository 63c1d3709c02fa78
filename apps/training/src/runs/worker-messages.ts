import { AppError, ErrorKinds, type ErrorKind } from '@steward/kernel';
import type { TrainedModel } from '../experiment/trained-model';
import type { RunProgress } from './run';
import type { ExecutionRequest } from './run-executor.port';

/** What a training thread is started with. */
export interface WorkerTask {
  readonly artifactsFolder: string;
  readonly request: ExecutionRequest;
}

/** What a training thread says. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | { readonly kind: 'done'; readonly model: TrainedModel }
  | { readonly kind: 'failed'; readonly error: WorkerError };

/** An error as it crosses threads, where class and brand are lost. */
export interface WorkerError {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly retriable: boolean;
}

export function toWorkerError(error: unknown): WorkerError {
  if (AppError.is(error)) {
    const { code, kind, message, retriable } = error;
    return { code, kind, message, retriable };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'TRAINING.INTERNAL', kind: 'internal', message, retriable: false };
}

export function fromWorkerError(error: WorkerError): AppError {
  const kind = ErrorKinds.includes(error.kind) ? error.kind : 'internal';
  return new AppError({ ...error, kind });
}
