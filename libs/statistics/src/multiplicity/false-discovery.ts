import { checkLevel, checkProbabilities, checkProbability } from '../arguments/check-arguments';

/**
 * Benjamini-Hochberg adjustment (1995): rejecting where the adjusted p-value is at most alpha keeps the expected share of
 * false ones among the rejections below alpha, for independent or positively dependent tests. As scipy's
 * `false_discovery_control`. More powerful than Holm, which bounds the chance of even one false rejection.
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  checkProbabilities('pValues', pValues);
  const count = pValues.length;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => pValues[b]! - pValues[a]! || a - b);
  const adjusted = new Float64Array(count);
  let running = 1;
  order.forEach((index, fromLast) => {
    running = Math.min(running, (pValues[index]! * count) / (count - fromLast));
    adjusted[index] = running;
  });
  return adjusted;
}

/** What {@link OnlineFalseDiscovery} is after any number of tests; plain JSON. */
export interface OnlineFalseDiscoveryState {
  readonly tests: number;
  /** Numbers of the tests that rejected, oldest first. */
  readonly rejections: readonly number[];
}

/** Older rejections are forgotten beyond this many. That only lowers the levels, so the guarantee stays. */
const MOST_REJECTIONS = 1000;

/**
 * LORD++ (Ramdas, Yang, Wainwright and Jordan 2017): tests that come one after another without end, each decided at once,
 * with the expected share of false ones among all rejections so far kept below alpha at every time, for independent
 * p-values. Each test spends some of a budget; each rejection earns some back. For alarms of one monitor, window by window.
 */
export class OnlineFalseDiscovery {
  readonly #start: number;
  #tests = 0;
  #rejections: number[] = [];
  #forgotten = false;

  /**
   * @param alpha the share of false alarms that is accepted. Default 0.05.
   * @param state to go on from.
   */
  constructor(
    readonly alpha: number = 0.05,
    state: OnlineFalseDiscoveryState = { tests: 0, rejections: [] },
  ) {
    checkLevel('alpha', alpha);
    this.#start = alpha / 10;
    this.#tests = state.tests;
    this.#rejections = [...state.rejections];
    this.#forgotten = this.#rejections.length >= MOST_REJECTIONS;
  }

  /** The level that the next p-value is held against. */
  level(): number {
    const t = this.#tests + 1;
    let level = gamma(t) * this.#start;
    this.#rejections.forEach((rejected, i) => {
      const first = i === 0 && !this.#forgotten;
      level += (first ? this.alpha - this.#start : this.alpha) * gamma(t - rejected);
    });
    return Math.min(this.alpha, level);
  }

  /** Decides the next test. */
  test(pValue: number): { readonly rejected: boolean; readonly level: number } {
    checkProbability('pValue', pValue);
    const level = this.level();
    const rejected = pValue <= level;
    this.#tests++;
    if (rejected) this.#rejections.push(this.#tests);
    if (this.#rejections.length > MOST_REJECTIONS) {
      this.#rejections.shift();
      this.#forgotten = true;
    }
    return { rejected, level };
  }

  toJSON(): OnlineFalseDiscoveryState {
    return { tests: this.#tests, rejections: [...this.#rejections] };
  }
}

/** The sequence of Javanmard and Montanari (2018); sums to at most 1. */
function gamma(j: number): number {
  return (0.07720838 * Math.log(Math.max(j, 2))) / (j * Math.exp(Math.sqrt(Math.log(j))));
}
