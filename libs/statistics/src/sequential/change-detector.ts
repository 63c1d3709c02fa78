/**
 * A detector of change in a stream. `update` takes one value and says whether a change is detected at it; after a
 * detection the detector begins anew with the next value.
 */
export interface ChangeDetector {
  /** True where a change is detected at this value. */
  update(value: number): boolean;
  /** Values since the beginning or the last detection. */
  readonly observed: number;
}
