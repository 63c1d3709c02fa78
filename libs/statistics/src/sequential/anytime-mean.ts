import { checkFinite, checkLevel, invalidArgument } from '../arguments/check-arguments';
import { DEFAULT_CONFIDENCE, type Estimate } from '../intervals/estimate';

/**
 * Confidence sequence for the mean of a stream of bounded values (a loss, a score): the predictable plug-in empirical
 * Bernstein sequence of Waudby-Smith and Ramdas (2024, theorem 2). All its intervals hold the mean at once with the given
 * confidence, whatever the values' distribution, so one may look after every value. Intervals are intersected as they
 * come. Memory: eight numbers.
 */
export class AnytimeMean {
  readonly #low: number;
  readonly #span: number;
  readonly #log: number;
  #observed = 0;
  #mean = 0.5;
  #variance = 0.25;
  #squares = 0;
  #bets = 0;
  #weighted = 0;
  #penalty = 0;
  #lower = 0;
  #upper = 1;

  /**
   * @param low smallest and
   * @param high largest value that can occur.
   */
  constructor(low: number, high: number, confidence: number = DEFAULT_CONFIDENCE) {
    checkFinite('low', low);
    checkFinite('high', high);
    checkLevel('confidence', confidence);
    if (!(high > low)) throw invalidArgument('high', high, `a number above the low, ${low}`);
    this.#low = low;
    this.#span = high - low;
    this.#log = Math.log(2 / (1 - confidence));
  }

  get observed(): number {
    return this.#observed;
  }

  add(value: number): void {
    const x = (value - this.#low) / this.#span;
    if (!(x >= 0 && x <= 1)) {
      throw invalidArgument('value', value, `a number from ${this.#low} to ${this.#low + this.#span}`);
    }
    const t = ++this.#observed;
    const bet = Math.min(0.5, Math.sqrt((2 * this.#log) / (this.#variance * t * Math.log(1 + t))));
    this.#bets += bet;
    this.#weighted += bet * x;
    this.#penalty += (x - this.#mean) ** 2 * (-Math.log1p(-bet) - bet);
    const centre = this.#weighted / this.#bets;
    const half = (this.#log + this.#penalty) / this.#bets;
    this.#lower = Math.max(this.#lower, centre - half);
    this.#upper = Math.min(this.#upper, centre + half);
    this.#learn(x, t);
  }

  /** The interval now; the value is the plain mean, moved into the interval should it lie outside. */
  estimate(): Estimate {
    const plain = this.#observed === 0 ? 0.5 : (this.#mean * (this.#observed + 1) - 0.5) / this.#observed;
    // An empty intersection means that the mean moved: the last limits crossed.
    const [lower, upper] = [Math.min(this.#lower, this.#upper), Math.max(this.#lower, this.#upper)];
    const scale = (x: number) => this.#low + this.#span * x;
    return {
      value: scale(Math.min(upper, Math.max(lower, plain))),
      lower: scale(lower),
      upper: scale(upper),
    };
  }

  #learn(x: number, t: number): void {
    this.#mean += (x - this.#mean) / (t + 1);
    this.#squares += (x - this.#mean) ** 2;
    this.#variance = (0.25 + this.#squares) / (t + 1);
  }
}
