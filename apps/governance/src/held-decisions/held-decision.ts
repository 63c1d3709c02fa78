import { errors, type AppError } from '@steward/kernel';
import { z } from 'zod';

/** Which decisions of a model a person makes (GDPR Art. 22), as people write it. */
export const DecisionPolicy = z
  .strictObject({
    /** False: nothing is held any more. */
    active: z.boolean().default(true),
    /** Decisions for these labels are held, say the unfavourable one. */
    labels: z.array(z.string().min(1).max(200)).max(20).default([]),
    /** Decisions whose score lies in [from, to] are held, whatever the label. */
    band: z
      .strictObject({ from: z.number().min(0).max(1), to: z.number().min(0).max(1) })
      .refine(({ from, to }) => from <= to, 'The band begins after it ends.')
      .nullable()
      .default(null),
  })
  .refine(
    ({ active, labels, band }) => !active || labels.length > 0 || band !== null,
    'A policy that is active names labels or a band, or it would hold nothing.',
  );
export type DecisionPolicy = z.output<typeof DecisionPolicy>;

export const DecisionStates = ['pending', 'confirmed', 'overridden', 'contested'] as const;
export type DecisionState = (typeof DecisionStates)[number];

/** A decision that a person makes in the place of a model. Times are ISO 8601. */
export interface HeldDecision {
  readonly id: string;
  readonly project: string;
  readonly predictionId: string;
  readonly row: number;
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly classes: readonly string[];
  readonly policyVersion: number;
  readonly pseudonym: string | null;
  /** What the model would have decided, and the probability of the positive class. */
  readonly proposed: string;
  readonly score: number;
  readonly because: string;
  readonly heldAt: string;
  readonly correlation: string;
  readonly state: DecisionState;
  /** What was decided; null while it waits. */
  readonly label: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
}

/** Something that was done about a held decision. */
export interface DecisionStep {
  readonly id: string;
  readonly kind: 'decide' | 'contest';
  readonly label: string | null;
  /** Why, for the books; null: erased. */
  readonly reason: string | null;
  /** What the subject is told; null: erased, or nothing was decided. */
  readonly answer: string | null;
  readonly by: string;
  readonly at: string;
}

/** Why this person cannot decide it in this way, or null. A contested decision is looked at by somebody else. */
export function decidingFault(
  decision: HeldDecision,
  steps: readonly DecisionStep[],
  person: string,
  label: string,
): AppError | null {
  if (decision.state !== 'pending' && decision.state !== 'contested')
    return errors.conflict('GOVERNANCE.DECISION_MADE', `This decision is ${decision.state} already.`, {
      details: { state: decision.state },
    });
  if (!decision.classes.includes(label))
    return errors.invalid('GOVERNANCE.NO_SUCH_LABEL', 'The model knows no such decision.', {
      details: { labels: decision.classes },
    });
  const made = steps.some((step) => step.kind === 'decide' && step.by === person);
  return made
    ? errors.forbidden('GOVERNANCE.OWN_DECISION', 'It was contested: somebody else decides it now.')
    : null;
}

export function decisionNotFound(id: string): AppError {
  return errors.notFound('GOVERNANCE.DECISION_NOT_FOUND', 'There is no such held decision here.', {
    details: { id },
  });
}
