import { checkFinite, checkPositive } from '../arguments/check-arguments';
import type { ChangeDetector } from './change-detector';

/** Target, spread, allowance and limit of a CUSUM chart. */
export interface CusumOptions {
  /** The mean while nothing has changed, from the reference. */
  readonly target: number;
  /** The standard deviation while nothing has changed, above 0. */
  readonly standardDeviation: number;
  /** Half the shift that is to be found, in standard deviations. Default 0.5: finds a shift of one. */
  readonly allowance?: number;
  /** Decision limit in standard deviations. Default 5: about one false alarm in 465 normal values. */
  readonly limit?: number;
}

/**
 * Two-sided tabular CUSUM of standardised values (Page 1954; Montgomery, Statistical Quality Control, chapter 9): the
 * sums of what exceeds the target by more than the allowance, upwards and downwards. Memory: three numbers.
 */
export class Cusum implements ChangeDetector {
  readonly #options: Required<CusumOptions>;
  #observed = 0;
  #up = 0;
  #down = 0;

  constructor(options: CusumOptions) {
    this.#options = { allowance: 0.5, limit: 5, ...options };
    checkFinite('target', options.target);
    checkPositive('standardDeviation', options.standardDeviation);
    checkPositive('allowance', this.#options.allowance);
    checkPositive('limit', this.#options.limit);
  }

  get observed(): number {
    return this.#observed;
  }

  /** The two sums, upwards and downwards, in standard deviations. */
  get sums(): { readonly up: number; readonly down: number } {
    return { up: this.#up, down: this.#down };
  }

  update(value: number): boolean {
    checkFinite('value', value);
    const { target, standardDeviation, allowance, limit } = this.#options;
    const z = (value - target) / standardDeviation;
    this.#observed++;
    this.#up = Math.max(0, this.#up + z - allowance);
    this.#down = Math.max(0, this.#down - z - allowance);
    if (Math.max(this.#up, this.#down) <= limit) return false;
    this.#observed = this.#up = this.#down = 0;
    return true;
  }
}
