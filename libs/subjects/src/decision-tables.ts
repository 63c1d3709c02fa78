import { MOST_EXPLAINED_DECISIONS } from '@steward/contracts';
import { heldTable, type HeldTable } from './held-data';

/** One automated decision about the subject, as the service that keeps it tells it. */
export interface HeldDecision {
  /** `<prediction id>/<row>`. */
  readonly prediction: string;
  readonly decidedAt: string | null;
  readonly model: string | null;
  readonly modelVersion: number | null;
  /** Probability of the positive class. */
  readonly score: number | null;
  readonly decision: string | null;
  /** What really happened, where it is known. */
  readonly outcome: string | null;
  /** Who asked for it: the id of a person or machine of the controller. */
  readonly askedBy: string | null;
}

/** A model version that may have decided, as people can understand it. */
export interface HeldModel {
  readonly model: string;
  readonly version: number;
  readonly learner: string;
  /** Comma-separated names. */
  readonly inputs: string;
  readonly decisionThreshold: number;
  readonly positive: string;
  readonly negative: string;
  readonly favourable: string;
  readonly dataset: string;
  readonly datasetVersion: number;
  readonly servedSince: string | null;
}

/** What one fact did to a decision. */
export interface HeldContribution {
  /** `<prediction id>/<row>`. */
  readonly prediction: string;
  readonly input: string;
  readonly value: string | number | boolean | null;
  /** How far it moved the model's score: towards its positive class where above 0. */
  readonly contribution: number;
  /** Where the score starts: its mean over what the model learnt from. */
  readonly base: number;
  /** What contribution and base are. */
  readonly units: 'log_odds' | 'probability';
}

/** A decision of which nothing can be said, and why; null: of several older ones. */
export interface HeldUnexplained {
  readonly prediction: string | null;
  readonly why: string;
}

export const DECISIONS = 'decisions';
export const MODELS = 'models';
export const CONTRIBUTIONS = 'contributions';
export const UNEXPLAINED = 'unexplained';

export function decisionsTable(decisions: readonly HeldDecision[]): HeldTable {
  return heldTable(
    { name: DECISIONS, description: 'Automated decisions about you.', origin: 'derived' },
    {
      prediction: 'Number of the decision.',
      decidedAt: 'When it was made (UTC).',
      model: 'The model that was asked.',
      modelVersion: 'Its version.',
      score: 'The probability that the model computed for its positive class.',
      decision: 'What was decided from it.',
      outcome: 'What really happened, where it is known.',
      askedBy: 'The account that asked for it.',
    },
    decisions.map((decision) => ({ ...decision })),
  );
}

export function modelsTable(models: readonly HeldModel[]): HeldTable {
  return heldTable(
    {
      name: MODELS,
      description: 'The model versions that decide in this project, and how.',
      origin: 'derived',
    },
    {
      model: 'Name of the model.',
      version: 'Its version.',
      learner: 'By which method it learnt.',
      inputs: 'What it looks at, and nothing else.',
      decisionThreshold: 'From this probability of the positive class on it decides for it.',
      positive: 'The decision from the threshold on.',
      negative: 'The decision below it.',
      favourable: 'Which of the two is good for the person concerned.',
      dataset: 'The data that it learnt from.',
      datasetVersion: 'Their version.',
      servedSince: 'Since when it decides; empty: it does not.',
    },
    models.map((model) => ({ ...model })),
  );
}

export function contributionsTable(contributions: readonly HeldContribution[]): HeldTable {
  return heldTable(
    {
      name: CONTRIBUTIONS,
      description:
        'What each fact did to a decision about you (exact Shapley values of the model that decided).',
      origin: 'derived',
    },
    {
      prediction: 'Number of the decision.',
      input: 'What the model looked at.',
      value: 'What it was for you.',
      contribution: 'How far it moved the score: above 0 towards the positive decision of the model.',
      base: 'Where the score starts: its mean over the cases that the model learnt from.',
      units: 'What these figures are: log-odds of the positive decision, or its probability.',
    },
    contributions.map((each) => ({ ...each })),
  );
}

export function unexplainedTable(unexplained: readonly HeldUnexplained[]): HeldTable {
  return heldTable(
    {
      name: UNEXPLAINED,
      description: 'Decisions about you of which it cannot be computed any more what counted.',
      origin: 'derived',
    },
    { prediction: 'Number of the decision; empty: several older ones.', why: 'Why not.' },
    unexplained.map((each) => ({ ...each })),
  );
}

/** The decisions that a service found, for the event that tells so: newest first, by their ids. */
export function decisionsIn(
  tables: readonly HeldTable[],
): { readonly decisions: string[]; readonly moreDecisions: number } | Record<string, never> {
  const table = tables.find(({ name }) => name === DECISIONS);
  if (!table) return {};
  // Ids of predictions begin with their time.
  const all = rowObjects(table)
    .map(({ prediction }) => String(prediction))
    .toSorted()
    .toReversed();
  const decisions = all.slice(0, MOST_EXPLAINED_DECISIONS);
  return { decisions, moreDecisions: all.length - decisions.length };
}

/** The rows of a table as objects by column. */
export function rowObjects(table: HeldTable): Record<string, string | number | boolean | null>[] {
  return table.rows.map((row) =>
    Object.fromEntries(table.columns.map(({ name }, at) => [name, row[at] ?? null])),
  );
}
