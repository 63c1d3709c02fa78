import { checkFinite, checkInteger, checkPositive, invalidArgument } from '../arguments/check-arguments';
import type { ChangeDetector } from './change-detector';

/** Tolerance, threshold and warm-up of the Page-Hinkley test. */
export interface PageHinkleyOptions {
  /** Values before the first detection. Default 30. */
  readonly minimumObserved?: number;
  /** Change that is tolerated, in the unit of the values. Default 0.005. */
  readonly delta?: number;
  /** Summed deviation that detects, in the unit of the values. Default 50. */
  readonly threshold?: number;
  /** Forgetting factor of the sums, above 0, at most 1. Default 0.9999. */
  readonly alpha?: number;
  /** Which changes of the mean count. Default 'both'. */
  readonly mode?: 'up' | 'down' | 'both';
}

/** Page-Hinkley test of a change of the mean (Page 1954), as river's `PageHinkley`. Memory: six numbers. */
export class PageHinkley implements ChangeDetector {
  readonly #options: Required<PageHinkleyOptions>;
  #state = fresh();

  constructor(options: PageHinkleyOptions = {}) {
    const full = {
      minimumObserved: 30,
      delta: 0.005,
      threshold: 50,
      alpha: 0.9999,
      mode: 'both' as const,
      ...options,
    };
    checkInteger('minimumObserved', full.minimumObserved, 1);
    checkFinite('delta', full.delta);
    checkPositive('threshold', full.threshold);
    if (!(full.alpha > 0 && full.alpha <= 1))
      throw invalidArgument('alpha', full.alpha, 'above 0 and at most 1');
    this.#options = full;
  }

  get observed(): number {
    return this.#state.observed;
  }

  update(value: number): boolean {
    checkFinite('value', value);
    const { minimumObserved, delta, threshold, alpha, mode } = this.#options;
    const state = this.#state;
    state.observed++;
    state.mean += (value - state.mean) / state.observed;
    const deviation = value - state.mean;
    state.up = alpha * state.up + deviation - delta;
    state.down = alpha * state.down + deviation + delta;
    state.lowest = Math.min(state.lowest, state.up);
    state.highest = Math.max(state.highest, state.down);
    const rose = mode !== 'down' && state.up - state.lowest > threshold;
    const fell = mode !== 'up' && state.highest - state.down > threshold;
    const detected = state.observed >= minimumObserved && (rose || fell);
    if (detected) this.#state = fresh();
    return detected;
  }
}

function fresh() {
  // The lowest begins at infinity and the highest at -1, as river has them.
  return { observed: 0, mean: 0, up: 0, down: 0, lowest: Infinity, highest: -1 };
}
