import { errors } from '@steward/kernel';
import { deriveSeed, Random } from '../random/random';
import { checkSpace, drawPoint, type Point, type SearchSpace } from './search-space';
import { suggestTpe } from './tpe';

/** One point tried at one size. */
export interface Trial {
  readonly number: number;
  readonly point: Point;
  /** Share of the full effort (rows, trees, folds: the caller's choice) that it is tried with, in (0, 1]. */
  readonly resource: number;
  /** Seed for the fit. */
  readonly seed: number;
  /** Set when it is done: the loss, or null if it failed. */
  readonly loss?: number | null;
  /** The trial of the same point at the next smaller resource. */
  readonly promotedFrom?: number;
}

/** How a study chooses. */
export interface StudyOptions {
  readonly space: SearchSpace;
  /** Default 'tpe'. */
  readonly sampler?: 'random' | 'tpe';
  /** Default 0. */
  readonly seed?: number;
  /**
   * Asynchronous successive halving (ASHA, Li et al. 2020): points start at `minResource`; the best 1 / `eta` of a rung
   * go on with `eta` times the effort until 1. Without it every trial has the full resource.
   */
  readonly halving?: { readonly minResource: number; readonly eta: number };
}

/** A study as data: keep it, and a study made from it goes on as if it had not been interrupted. */
export interface StudyState {
  readonly trials: readonly Trial[];
}

/**
 * The bookkeeping of a search: `ask` for the next trial, `tell` its loss. What is asked depends on the seed and on what
 * was told in which order, on nothing else.
 */
export class Study {
  private readonly trials: Trial[];
  private readonly rungs: readonly number[];

  constructor(
    private readonly options: StudyOptions,
    state?: StudyState,
  ) {
    checkSpace(options.space);
    this.rungs = rungsOf(options.halving);
    this.trials = renumbered((state?.trials ?? []).filter((trial) => trial.loss !== undefined));
  }

  state(): StudyState {
    return { trials: [...this.trials] };
  }

  /** The next trial: a promotion where one is due, else a new point. */
  ask(): Trial {
    const number = this.trials.length;
    const seed = deriveSeed(this.options.seed ?? 0, number);
    const due = this.promotion();
    const trial: Trial = due
      ? { number, point: due.trial.point, resource: due.resource, seed, promotedFrom: due.trial.number }
      : { number, point: this.suggest(new Random(seed)), resource: this.rungs[0]!, seed };
    this.trials.push(trial);
    return trial;
  }

  /** Records a trial's loss; null if it failed. Throws LEARNING.TRIAL for one that was not asked or is done. */
  tell(number: number, loss: number | null): void {
    const trial = this.trials[number];
    if (!trial || trial.loss !== undefined) {
      throw errors.invalid('LEARNING.TRIAL', `Trial ${number} was not asked for or is done already.`);
    }
    this.trials[number] = { ...trial, loss: loss !== null && Number.isFinite(loss) ? loss : null };
  }

  /** The done trial with the lowest loss among those with the largest resource reached; undefined if none. */
  best(): Trial | undefined {
    const done = this.trials.filter((trial) => typeof trial.loss === 'number');
    const most = Math.max(...done.map((trial) => trial.resource));
    return done
      .filter((trial) => trial.resource === most)
      .sort((a, b) => a.loss! - b.loss! || a.number - b.number)[0];
  }

  private suggest(random: Random): Point {
    const { space, sampler = 'tpe' } = this.options;
    if (sampler === 'random') return drawPoint(space, random);
    // At each point the loss of its largest resource; running trials count as the worst seen, to spread out.
    const last = new Map<number, Trial>();
    for (const trial of this.trials) last.set(this.first(trial), trial);
    const done = [...last.values()].filter((trial) => trial.loss !== null);
    const worst = Math.max(...done.map((trial) => trial.loss ?? -Infinity), -Infinity);
    const seen = done.map((trial) => ({ point: trial.point, loss: trial.loss ?? worst }));
    return suggestTpe(space, seen, random);
  }

  /** Number of the trial at the smallest resource of the same point. */
  private first(trial: Trial): number {
    return trial.promotedFrom === undefined ? trial.number : this.first(this.trials[trial.promotedFrom]!);
  }

  private promotion(): { trial: Trial; resource: number } | null {
    const { halving } = this.options;
    if (!halving) return null;
    const promoted = new Set(this.trials.map((trial) => trial.promotedFrom));
    for (let rung = this.rungs.length - 2; rung >= 0; rung--) {
      const here = this.trials.filter((t) => t.resource === this.rungs[rung] && typeof t.loss === 'number');
      const top = here
        .sort((a, b) => a.loss! - b.loss! || a.number - b.number)
        .slice(0, Math.floor(here.length / halving.eta));
      const trial = top.find((candidate) => !promoted.has(candidate.number));
      if (trial) return { trial, resource: this.rungs[rung + 1]! };
    }
    return null;
  }
}

/** Trials that were running when the state was taken are gone and will be asked anew; the others close up. */
function renumbered(trials: readonly Trial[]): Trial[] {
  const numbers = new Map(trials.map((trial, i) => [trial.number, i]));
  return trials.map((trial, i) => {
    const from = trial.promotedFrom === undefined ? undefined : numbers.get(trial.promotedFrom);
    const { promotedFrom: _, ...rest } = trial;
    return from === undefined ? { ...rest, number: i } : { ...rest, number: i, promotedFrom: from };
  });
}

function rungsOf(halving: StudyOptions['halving']): number[] {
  if (!halving) return [1];
  const { minResource, eta } = halving;
  if (!(minResource > 0 && minResource <= 1 && eta > 1)) {
    throw errors.invalid('LEARNING.SEARCH_SPACE', 'Halving needs 0 < minResource <= 1 and eta above 1.');
  }
  const rungs: number[] = [];
  for (let resource = minResource; resource < 1 - 1e-9; resource *= eta) rungs.push(resource);
  return [...rungs, 1];
}
