import { checkInteger, checkPositive } from '../arguments/check-arguments';
import type { ChangeDetector } from './change-detector';

/** Warning and drift levels of DDM, and its warm-up. */
export interface DdmOptions {
  /** Values before the first judgement. Default 30. */
  readonly warmStart?: number;
  /** Standard deviations above the best error rate that warn. Default 2. */
  readonly warningThreshold?: number;
  /** Standard deviations above the best error rate that detect. Default 3. */
  readonly driftThreshold?: number;
}

/**
 * Drift detection method (Gama and others 2004): a model's error rate that rises above the best it ever had. As river's
 * `DDM`. Memory: four numbers.
 */
export class Ddm implements ChangeDetector {
  readonly #options: Required<DdmOptions>;
  #observed = 0;
  #rate = 0;
  #bestRate = 0;
  #bestDeviation = 0;
  #best = Infinity;
  #warning = false;

  constructor(options: DdmOptions = {}) {
    this.#options = { warmStart: 30, warningThreshold: 2, driftThreshold: 3, ...options };
    checkInteger('warmStart', this.#options.warmStart);
    checkPositive('warningThreshold', this.#options.warningThreshold);
    checkPositive('driftThreshold', this.#options.driftThreshold);
  }

  get observed(): number {
    return this.#observed;
  }

  /** Whether the last value left the error rate between the two thresholds. */
  get warning(): boolean {
    return this.#warning;
  }

  /** @param error 1 or true where the model was wrong. */
  update(error: number | boolean): boolean {
    this.#observed++;
    this.#rate += (Number(error) - this.#rate) / this.#observed;
    const deviation = Math.sqrt((this.#rate * (1 - this.#rate)) / this.#observed);
    if (this.#observed <= this.#options.warmStart) return false;
    const now = this.#rate + deviation;
    if (now <= this.#best) [this.#best, this.#bestRate, this.#bestDeviation] = [now, this.#rate, deviation];
    this.#warning = now > this.#bestRate + this.#options.warningThreshold * this.#bestDeviation;
    if (now <= this.#bestRate + this.#options.driftThreshold * this.#bestDeviation) return false;
    this.#reset();
    return true;
  }

  #reset(): void {
    this.#observed = 0;
    this.#rate = 0;
    this.#best = Infinity;
    this.#warning = false;
  }
}
