import { type AppError, errors } from '@steward/kernel';

/** How far a fit is. */
export interface FitProgress {
  /** Rounds done. */
  readonly done: number;
  /** Rounds planned; early stopping may end sooner. */
  readonly total: number;
  /** Loss on the validation rows, where there are any. */
  readonly validationLoss?: number;
}

/** Callbacks of a running fit; both are called between rounds, on the caller's thread. */
export interface FitControl {
  readonly onProgress?: (progress: FitProgress) => void;
  /** Return true to end the fit: it then throws LEARNING.CANCELLED. */
  readonly shouldStop?: () => boolean;
}

/** Reports a round and throws LEARNING.CANCELLED if the caller asks to stop. */
export function report(control: FitControl, progress: FitProgress): void {
  control.onProgress?.(progress);
  if (control.shouldStop?.()) throw cancelled();
}

/** The error of a fit that its caller ended. */
export function cancelled(): AppError {
  return errors.conflict('LEARNING.CANCELLED', 'The fit was cancelled by its caller.');
}
