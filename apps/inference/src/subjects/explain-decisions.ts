import { Injectable } from '@nestjs/common';
import { AppError, isRetriable } from '@steward/kernel';
import {
  contributionsTable,
  unexplainedTable,
  type HeldContribution,
  type HeldTable,
  type HeldUnexplained,
  type TaskSubject,
} from '@steward/subjects';
import { z } from 'zod';
import { RecomputeExplanation } from '../explain/recompute-explanation';
import { predictionRow } from '../infer/prediction-row';

/** What {@link SubjectDataGatheredConsumer} was told: `<prediction id>/<row>`, and how many older ones there are. */
const Told = z.object({ decisions: z.array(z.string()), moreDecisions: z.number() });

const NOT_KEPT =
  'What the model looked at is not kept: it was not logged, or longer ago than the log reaches back.';

/**
 * Tells a data subject what each fact did to the decisions about it (GDPR 15(1)(h), 22): from the log and the version that
 * decided, sensitive columns included, for they are the subject's own. Where nothing can be said, it says why.
 */
@Injectable()
export class ExplainDecisions {
  constructor(private readonly recomputing: RecomputeExplanation) {}

  /** Throws what may pass, so that the task is tried again. */
  async execute({ project, pseudonym }: TaskSubject, told: unknown): Promise<HeldTable[]> {
    const { decisions, moreDecisions } = Told.parse(told);
    const contributions: HeldContribution[] = [];
    const unexplained: HeldUnexplained[] = [];
    for (const prediction of decisions) {
      const explained = await this.explain(project, pseudonym, prediction);
      if (typeof explained === 'string') unexplained.push({ prediction, why: explained });
      else contributions.push(...explained);
    }
    if (moreDecisions > 0) {
      const why = `${moreDecisions} decisions are older than the ${decisions.length} that are explained: ask for those you want explained.`;
      unexplained.push({ prediction: null, why });
    }
    return [contributionsTable(contributions), unexplainedTable(unexplained)].filter(
      ({ rows }) => rows.length > 0,
    );
  }

  /** A text: why not. */
  private async explain(
    project: string,
    pseudonym: string,
    prediction: string,
  ): Promise<HeldContribution[] | string> {
    try {
      const wanted = predictionRow(prediction);
      const event = await this.recomputing.find(project, wanted);
      const at = wanted.row - event.firstRow;
      // What is logged of another person, or of nobody, is not told.
      if (event.subjects[at] !== pseudonym) return NOT_KEPT;
      const descriptor = await this.recomputing.descriptor(event);
      const { rows, base, units } = await this.recomputing.explain(descriptor, event, at, undefined);
      const [row] = rows;
      if (row!.held) return 'The model did not decide this: it was held for a person.';
      return row!.contributions.map(({ column, value, contribution }) => ({
        prediction,
        input: column,
        value,
        contribution,
        base,
        units,
      }));
    } catch (error) {
      if (!AppError.is(error) || isRetriable(error)) throw error;
      return error.code.startsWith('INFERENCE.PREDICTION_') ? NOT_KEPT : error.message;
    }
  }
}
