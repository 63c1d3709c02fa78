import { cancelled } from '../learner/progress';
import { Study, type StudyOptions, type StudyState, type Trial } from './study';

/** A search and its budget. */
export interface SearchOptions extends StudyOptions {
  /** The loss of a trial (lower is better). What it throws counts as a failed trial, except cancellation. */
  readonly evaluate: (trial: Trial) => number | Promise<number>;
  /** Most trials, those resumed from included. */
  readonly trials: number;
  /** No trial starts after so many seconds. Default: no limit. */
  readonly seconds?: number;
  /** Trials asked for together and run side by side; results depend on it, but on no timing. Default 1. */
  readonly parallel?: number;
  /** Goes on from here. */
  readonly resume?: StudyState;
  readonly onTrial?: (trial: Trial, state: StudyState) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds, for the time budget. Default Date.now. */
  readonly now?: () => number;
}

/** What a search found. */
export interface SearchResult {
  /** Undefined if every trial failed. */
  readonly best: Trial | undefined;
  readonly state: StudyState;
  /** Why it ended. */
  readonly ended: 'trials' | 'seconds';
}

/** Tries points until a budget is used up. Throws LEARNING.CANCELLED when the signal aborts. */
export async function search(options: SearchOptions): Promise<SearchResult> {
  const { evaluate, trials, seconds = Infinity, parallel = 1, signal, now = Date.now } = options;
  const study = new Study(options, options.resume);
  const start = now();
  let ended: SearchResult['ended'] = 'trials';
  while (study.state().trials.length < trials) {
    if (signal?.aborted) throw cancelled();
    if (now() - start >= seconds * 1000) {
      ended = 'seconds';
      break;
    }
    const count = Math.min(parallel, trials - study.state().trials.length);
    const asked = Array.from({ length: count }, () => study.ask());
    const losses = await Promise.all(asked.map((trial) => lossOf(evaluate, trial, signal)));
    asked.forEach((trial, i) => {
      study.tell(trial.number, losses[i]!);
      options.onTrial?.({ ...trial, loss: losses[i]! }, study.state());
    });
  }
  return { best: study.best(), state: study.state(), ended };
}

async function lossOf(
  evaluate: SearchOptions['evaluate'],
  trial: Trial,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  try {
    return await evaluate(trial);
  } catch {
    if (signal?.aborted) throw cancelled();
    return null;
  }
}
