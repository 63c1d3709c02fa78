/** Why a subject's data are not processed as others' are. */
export const TermReasons = ['restriction', 'objection', 'consent-withdrawn'] as const;
export type TermReason = (typeof TermReasons)[number];

/** What one reason forbids. */
export interface Term {
  readonly because: TermReason;
  /** False: left out of training sets. */
  readonly training: boolean;
  readonly inference: 'allowed' | 'person' | 'refused';
}

/**
 * What a reason forbids where nothing else is said. Restriction (18): stored, and nothing else. Objection (21): not
 * trained on, and decided by a person. Withdrawn consent (7(3)): neither, where consent was the basis.
 */
export const DEFAULT_TERMS: Readonly<Record<TermReason, Omit<Term, 'because'>>> = {
  restriction: { training: false, inference: 'refused' },
  objection: { training: false, inference: 'person' },
  'consent-withdrawn': { training: false, inference: 'refused' },
};

const STRICTNESS = { allowed: 0, person: 1, refused: 2 } as const;

/** All reasons together: the strictest of each. */
export function combinedTerms(terms: readonly Term[]): {
  training: boolean;
  inference: Term['inference'];
  because: TermReason[];
} {
  let inference: Term['inference'] = 'allowed';
  for (const term of terms)
    if (STRICTNESS[term.inference] > STRICTNESS[inference]) inference = term.inference;
  return {
    training: terms.every(({ training }) => training),
    inference,
    because: terms.map(({ because }) => because).sort(),
  };
}
