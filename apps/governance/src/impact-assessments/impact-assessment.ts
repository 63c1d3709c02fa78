import { errors, type AppError } from '@steward/kernel';
import { z } from 'zod';

const text = (least: number) => z.string().trim().min(least).max(8_000);
const Level = z.enum(['low', 'medium', 'high']);

/** What people write of an impact assessment (GDPR Art. 35(7)); all else is generated. */
export const AssessmentBody = z.strictObject({
  /** Necessity and proportionality of the processing (b). */
  necessity: text(20),
  /** Risks to the rights and freedoms of the subjects (c), and the measures against them (d). */
  risks: z
    .array(
      z.strictObject({
        risk: text(5),
        likelihood: Level,
        severity: Level,
        measures: text(5),
        /** What remains after the measures. */
        residual: Level,
      }),
    )
    .min(1)
    .max(100),
  /** Views of the subjects or their representatives (Art. 35(9)), or why they were not sought. */
  viewsOfSubjects: text(5),
  /** Advice of the data protection officer (Art. 35(2)). */
  officerAdvice: text(5),
});
export type AssessmentBody = z.output<typeof AssessmentBody>;

/** The part that is generated from lineage, figures and the books (Art. 35(7)(a)). */
export interface GeneratedPart {
  readonly scope: AssessmentScope;
  readonly model: {
    readonly version: number;
    readonly digest: string;
    readonly runId: string;
    readonly datasetVersion: number;
    readonly datasetDigest: string;
    readonly contractDigest: string;
    readonly metrics: Readonly<Record<string, number | null>>;
  };
  /** Figures of the newest request for approval of that version; null: there was none. */
  readonly fairness: Readonly<Record<string, number | null>> | null;
  readonly purposes: readonly {
    readonly purpose: string;
    readonly title: string;
    readonly lawfulBasis: { readonly article: string; readonly grounds: string } | null;
    readonly specialCategories: readonly {
      readonly category: string;
      readonly condition: string | null;
      readonly grounds: string;
    }[];
    readonly recipients: readonly {
      readonly name: string;
      readonly kind: string;
      readonly country: string;
    }[];
    readonly retention: readonly { readonly class: string; readonly days: number }[];
    readonly automatedDecisions: boolean;
  }[];
  readonly risk: string | null;
  readonly riskGrounds: string | null;
}

/** What an assessment is about. Where this changes, a signature no longer covers what is promoted. */
export interface AssessmentScope {
  readonly model: string;
  readonly dataset: string;
  readonly inputs: readonly string[];
  readonly sensitive: readonly string[];
  readonly groups: readonly string[];
  readonly purposes: readonly string[];
}

/** An impact assessment of a model. Times are ISO 8601. */
export interface ImpactAssessment {
  readonly project: string;
  readonly model: string;
  readonly version: number;
  readonly body: AssessmentBody;
  readonly generated: GeneratedPart;
  readonly scopeDigest: string;
  readonly writtenBy: string;
  readonly writtenAt: string;
  readonly signedBy: string | null;
  readonly signedAt: string | null;
}

/** Why this assessment cannot be signed by this person for what the model is now, or null. */
export function signingFault(
  assessment: ImpactAssessment,
  newest: number,
  scopeNow: string | null,
  signer: string,
): AppError | null {
  if (assessment.signedAt !== null)
    return errors.conflict('GOVERNANCE.ASSESSMENT_SIGNED', 'This assessment is signed already.');
  if (assessment.version !== newest)
    return errors.conflict(
      'GOVERNANCE.ASSESSMENT_SUPERSEDED',
      'There is a newer version of this assessment.',
      {
        details: { newest },
      },
    );
  if (assessment.writtenBy === signer)
    return errors.forbidden('GOVERNANCE.OWN_ASSESSMENT', 'Who wrote an assessment does not sign it.');
  if (assessment.scopeDigest !== scopeNow)
    return errors.conflict(
      'GOVERNANCE.ASSESSMENT_OUTDATED',
      'The model, its inputs or its purposes have changed since this was written. Write it anew.',
    );
  if (assessment.body.risks.some(({ residual }) => residual === 'high'))
    return errors.conflict(
      'GOVERNANCE.PRIOR_CONSULTATION',
      'A high risk remains: the supervisory authority must be consulted first (GDPR Art. 36). Steward does not do that.',
    );
  return null;
}

export function assessmentNotFound(model: string): AppError {
  return errors.notFound('GOVERNANCE.ASSESSMENT_NOT_FOUND', 'There is no such impact assessment.', {
    details: { model },
  });
}
