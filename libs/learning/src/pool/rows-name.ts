import { sha256 } from '@steward/kernel';
import type { FitJob } from './fit-job';
import { isShared } from './shared-data';

const numbers = new WeakMap<FitJob['data'], number>();
let last = 0;

/**
 * Names the rows that a job learns from, for as long as this process lives: equal only for the same shared data and the
 * same rows of it. Undefined for data that is not shared, which its owner may change.
 */
export function rowsName({ data, train }: FitJob): string | undefined {
  if (!isShared(data)) return undefined;
  const number = numbers.get(data) ?? ++last;
  numbers.set(data, number);
  if (!train) return `${number}`;
  // Copied, since what stands in shared memory can not be hashed in place.
  return `${number} ${sha256(new Uint8Array(Int32Array.from(train).buffer))}`;
}
