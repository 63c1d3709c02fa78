import { errors } from '@steward/kernel';
import { createLearner, type LearnerSpec } from '../learner/learners';
import { cancelled } from '../learner/progress';
import { crossValidateInPool } from '../pool/cross-validate-in-pool';
import { LearningPool } from '../pool/learning-pool';
import { shareData } from '../pool/shared-data';
import { search } from '../search/search';
import { groupedFolds, type Split, stratifiedFolds } from '../selection/folds';
import type { DataPart } from '../selection/hold-out';
import { predictionLoss } from '../selection/prediction-loss';
import { type Candidate, candidatesFor } from './candidates';

/** What `autoSelect` may use. */
export interface AutoOptions {
  readonly data: DataPart;
  /** Default: five folds, stratified for classes, grouped for ranking. */
  readonly folds?: Int32Array | readonly Split[];
  /** Search trials over the best learner's parameters. Default 20. */
  readonly trials?: number;
  /** No fit is started after so many seconds, but each candidate is tried once. Default: no limit. */
  readonly seconds?: number;
  readonly seed?: number;
  /** Default: the calling thread. */
  readonly pool?: LearningPool;
  /** A plainer learner is kept unless a later one lowers the loss by more than this share. Default 0.01. */
  readonly margin?: number;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

/** One learner that was tried. */
export interface AutoTry {
  readonly spec: LearnerSpec;
  /** Cross-validated loss (see `predictionLoss`); null if it could not be fitted. */
  readonly loss: number | null;
  readonly note: string;
}

/** The choice and how it came about. */
export interface AutoResult {
  readonly chosen: LearnerSpec;
  readonly loss: number;
  readonly tried: readonly AutoTry[];
  /** A sentence or two for people. */
  readonly explanation: string;
}

/**
 * Tries sensible learners with their defaults by cross-validation, plainest first, then searches the parameters of the
 * best one within the budget. Throws LEARNING.CANCELLED, and LEARNING.NO_MODEL if nothing could be fitted.
 */
export async function autoSelect(options: AutoOptions): Promise<AutoResult> {
  const run = new AutoRun(options);
  for (const candidate of candidatesFor(options.data.target.kind, options.data.table))
    await run.attempt(candidate);
  return run.finish();
}

class AutoRun {
  private readonly tried: AutoTry[] = [];
  private best: { candidate: Candidate; loss: number } | null = null;
  private readonly data: DataPart;
  private readonly folds: Int32Array | readonly Split[];
  private readonly pool: LearningPool;
  private readonly start: number;
  private readonly now: () => number;

  constructor(private readonly options: AutoOptions) {
    this.data = shareData(options.data);
    this.folds = options.folds ?? defaultFolds(this.data, options.seed ?? 0);
    this.pool = options.pool ?? new LearningPool({ size: 0 });
    this.now = options.now ?? Date.now;
    this.start = this.now();
  }

  async attempt(candidate: Candidate): Promise<void> {
    const { margin = 0.01, signal } = this.options;
    try {
      const loss = await this.lossOf(candidate.spec, this.options.seed ?? 0);
      this.tried.push({ spec: candidate.spec, loss, note: candidate.reason });
      if (!this.best || loss < this.best.loss * (1 - margin)) this.best = { candidate, loss };
    } catch (error) {
      if (signal?.aborted) throw cancelled();
      const note = `could not be fitted: ${error instanceof Error ? error.message : String(error)}`;
      this.tried.push({ spec: candidate.spec, loss: null, note });
    }
  }

  async finish(): Promise<AutoResult> {
    if (!this.best) {
      throw errors.invalid('LEARNING.NO_MODEL', 'No learner could be fitted to this data.', {
        details: { tried: this.tried.map(({ spec, note }) => `${spec.name}: ${note}`) },
      });
    }
    const { candidate, loss } = this.best;
    const tuned = await this.tune(candidate);
    const chosen = tuned && tuned.loss < loss ? tuned : { spec: candidate.spec, loss };
    return { chosen: chosen.spec, loss: chosen.loss, tried: this.tried, explanation: this.explain(chosen) };
  }

  private async tune({ spec, space }: Candidate): Promise<{ spec: LearnerSpec; loss: number } | null> {
    const { seconds = Infinity, trials = 20, seed = 0, signal, now } = this.options;
    if (!space || trials === 0) return null;
    const left = seconds - (this.now() - this.start) / 1000;
    const specOf = (point: object): LearnerSpec => ({
      name: spec.name,
      params: { ...spec.params, ...point },
    });
    const { best } = await search({
      space,
      trials,
      seconds: left,
      seed,
      signal,
      now,
      evaluate: async (trial) => {
        const loss = await this.lossOf(specOf(trial.point), seed);
        this.tried.push({ spec: specOf(trial.point), loss, note: `search trial ${trial.number + 1}` });
        return loss;
      },
    });
    return best ? { spec: specOf(best.point), loss: best.loss! } : null;
  }

  private async lossOf(spec: LearnerSpec, seed: number): Promise<number> {
    createLearner(spec);
    const { data, folds, pool } = this;
    const { oof, width } = await crossValidateInPool(pool, {
      learner: spec,
      data,
      folds,
      seed,
      signal: this.options.signal,
    });
    return predictionLoss(data.target, oof, width, data.weights);
  }

  private explain(chosen: { spec: LearnerSpec; loss: number }): string {
    const baseline = this.tried.find(({ spec }) => spec.name === 'constant')?.loss;
    const against =
      typeof baseline === 'number' ? `, ${percent(1 - chosen.loss / baseline)} below the baseline's` : '';
    const others = this.tried
      .filter(
        ({ spec, loss, note }) =>
          spec.name !== chosen.spec.name && loss !== null && !note.startsWith('search'),
      )
      .map(({ spec, loss }) => `${spec.name} ${loss!.toPrecision(4)}`)
      .join(', ');
    const reason = this.best!.candidate.reason;
    return (
      `${chosen.spec.name} was chosen (${reason}): cross-validated loss ${chosen.loss.toPrecision(4)}${against}. ` +
      `The others: ${others === '' ? 'none' : others}. A plainer learner is preferred unless the loss falls by more ` +
      `than ${percent(this.options.margin ?? 0.01)}.`
    );
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function defaultFolds({ target, table }: DataPart, seed: number): Int32Array {
  const k = Math.max(2, Math.min(5, table.rows));
  return target.kind === 'ranking' ? groupedFolds(target.groups, k, seed) : stratifiedFolds(target, k, seed);
}
