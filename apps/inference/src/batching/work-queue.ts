import { Injectable } from '@nestjs/common';
import { errors, type AppError } from '@steward/kernel';
import { tallyCounter } from '@steward/service';

/** So long a turn of the event loop may answer; then it looks for what has come meanwhile. */
const TURN_MS = 6;
/**
 * The same where a request takes longer than {@link CHEAP_MS}: to look costs little beside it, and what was read in a turn
 * waits for the turn's end twice, unread before it and unsent behind it.
 */
const DEAR_TURN_MS = 1.5;
/** A request that would wait longer than this for its turn is refused: it would come too late, and delay all others. */
const LONGEST_WAIT_MS = 1_000;
/**
 * Once more than this has waited for `STANDING_MS` without a gap, what comes is no burst but overload, and nobody may wait
 * longer (controlled delay: B. Maurer, "Fail at Scale", ACM Queue 13(8), 2015; there it is enough that the queue is not
 * empty for so long, but a few requests that overlap are no overload).
 */
const LONGEST_STANDING_WAIT_MS = 5;
const STANDING_MS = 20;
/** So few may always wait, however long each takes: they are callers who ask for much one after the other. */
const FEW = 8;
/** Overload is over when nobody has been refused for so long; until then no burst is let in, for each would wait again. */
const CALM_MS = 1_000;
/** Where those that wait take less than this each, they are all answered within the longest wait: to refuse costs as much. */
const CHEAP_MS = 0.2;
/** So many requests a process answers before its code is compiled and its figures mean something. */
const YOUNG_REQUESTS = 1_000;
const RETRY_AFTER_MS = 100;
/** How much the last request changes what such requests usually take. */
const WEIGHT = 0.1;
/**
 * One request counts as no more than so many times of what is usual: it was not the request that took a thousand times as
 * long but the machine that stood still. Else the next would be thought dear, and refused where all can be answered.
 */
const MOST_TIMES = 4;
/** Sizes are told apart by powers of two, up to 2^31 rows. */
const SIZES = 32;
/** What is known of a model that has answered nothing yet. */
const UNKNOWN: Readonly<Float64Array> = new Float64Array(SIZES);

interface Waiting {
  readonly work: () => unknown;
  readonly model: string;
  readonly rows: number;
  readonly usualMs: number;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers on the event loop's thread in the order of arrival, for a few milliseconds at a time, so that under overload
 * the process goes on reading, which is cheap, and refuses at once what would wait too long. Without it requests wait
 * unread in buffers of the kernel and of the caller, where nobody refuses them, for seconds.
 *
 * How long a request would wait is known from what requests of about its size for its model took lately, so the bound needs
 * no setting.
 */
@Injectable()
export class WorkQueue {
  private readonly waiting: Waiting[] = [];
  /** By model, then by size. */
  private readonly usualMs = new Map<string, Float64Array>();
  private waitingMs = 0;
  /** Since when more waits than may stand; NaN: it does not. */
  private standingSince = Number.NaN;
  private calmAt = 0;
  private answered = 0;
  private turnSince = Number.NaN;
  private readonly shed = tallyCounter({
    name: 'steward_inference_shed_total',
    help: 'Requests that were refused because too much was in hand, by what there was too much of.',
    labelNames: ['of'],
  });

  /** Answers now, or in its turn. Throws the refusal. */
  run<Answer>(model: string, rows: number, work: () => Answer | Promise<Answer>): Answer | Promise<Answer> {
    const usualMs = (this.usualMs.get(model) ?? UNKNOWN)[sizeOf(rows)]!;
    if (this.isFree(usualMs)) return this.measured(model, rows, work);
    if (this.waiting.length === 0) setImmediate(this.drain);
    else if (this.waitingMs + usualMs > LONGEST_WAIT_MS) throw this.refused(LONGEST);
    this.waitingMs += usualMs;
    return new Promise<Answer>((resolve, reject) => {
      this.waiting.push({
        work,
        model,
        rows,
        usualMs,
        resolve: resolve as (answer: unknown) => void,
        reject,
      });
      if (Number.isNaN(this.standingSince) && this.isLong()) this.standingSince = this.now();
    });
  }

  /**
   * What refuses whoever asks now, whatever he wants, or null. Asked before anything of a request has been read: what is
   * refused here costs little beside what it would cost to read it first, and takes little from those who are answered.
   */
  refusal(): AppError | null {
    const { waiting, waitingMs } = this;
    if (!this.isLong()) return null;
    if (this.answered < YOUNG_REQUESTS || waitingMs < CHEAP_MS * waiting.length) return null;
    const now = this.now();
    if (now - this.standingSince < STANDING_MS && now >= this.calmAt) return null;
    this.calmAt = now + CALM_MS;
    return this.refused(STANDING);
  }

  /** Milliseconds that only rise. Tests have their own. */
  protected now(): number {
    return performance.now();
  }

  private isLong(): boolean {
    return this.waiting.length > FEW && this.waitingMs > LONGEST_STANDING_WAIT_MS;
  }

  /** Nobody waits, and this turn has not answered for long. */
  private isFree(usualMs: number): boolean {
    if (this.waiting.length > 0) return false;
    const now = this.now();
    if (Number.isNaN(this.turnSince)) {
      this.turnSince = now;
      setImmediate(this.endTurn);
    }
    return now - this.turnSince < turnOf(usualMs);
  }

  private readonly endTurn = (): void => {
    this.turnSince = Number.NaN;
  };

  /** Runs between two looks for what has come. */
  private readonly drain = (): void => {
    const from = this.now();
    let done = 0;
    while (done < this.waiting.length) {
      const { work, model, rows, usualMs, resolve, reject } = this.waiting[done]!;
      if (done > 0 && this.now() - from >= turnOf(usualMs)) break;
      done += 1;
      this.waitingMs -= usualMs;
      try {
        resolve(this.measured(model, rows, work));
      } catch (error) {
        reject(error);
      }
    }
    this.waiting.splice(0, done);
    if (!this.isLong()) this.standingSince = Number.NaN;
    if (this.waiting.length > 0) setImmediate(this.drain);
    else this.waitingMs = 0;
  };

  private measured<Answer>(model: string, rows: number, work: () => Answer): Answer {
    const from = this.now();
    const answer = work();
    const size = sizeOf(rows);
    // A model that is not served has thrown: what callers invent takes no room here.
    let sizes = this.usualMs.get(model);
    if (!sizes) this.usualMs.set(model, (sizes = new Float64Array(SIZES)));
    const usualMs = sizes[size]!;
    const took = this.now() - from;
    this.answered += 1;
    // The first tells all that is known.
    const counted = usualMs === 0 ? took : Math.min(took, MOST_TIMES * usualMs);
    sizes[size] = usualMs + WEIGHT * (counted - usualMs);
    return answer;
  }

  private refused(refusal: AppError): AppError {
    this.shed.cell('delay').add(1);
    return refusal;
  }
}

/** Made once: under overload there are thousands a second, and an error of its own for each costs as much as the rest. */
const overloaded = (limit: number): AppError =>
  errors.limit(
    'INFERENCE.OVERLOADED',
    `This process would begin to answer only after ${limit} ms or more. Try again in a moment.`,
    { retriable: true, details: { of: 'delay', limit, retryAfterMs: RETRY_AFTER_MS } },
  );
const LONGEST = overloaded(LONGEST_WAIT_MS);
const STANDING = overloaded(LONGEST_STANDING_WAIT_MS);

const turnOf = (usualMs: number): number => (usualMs < CHEAP_MS ? TURN_MS : DEAR_TURN_MS);

const sizeOf = (rows: number): number => 31 - Math.clz32(rows | 1);
