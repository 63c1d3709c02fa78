import { RetentionClasses, type RetentionClass } from '@steward/contracts';
import { isName } from '@steward/kernel';
import { z } from 'zod';

/** Kept by dataset; all others are kept by project. */
export const DATASET_CLASSES = [
  'quarantine',
  'prediction-rows',
  'dataset-versions',
] as const satisfies readonly RetentionClass[];
/** An upload is gone as soon as it is checked, so there is nothing that could be deleted by age. */
export const GONE_AT_ONCE = ['raw-uploads'] as const satisfies readonly RetentionClass[];
/** What can be deleted by age. */
export const EnforcedClasses = RetentionClasses.filter(
  (each): each is Exclude<RetentionClass, (typeof GONE_AT_ONCE)[number]> =>
    !(GONE_AT_ONCE as readonly string[]).includes(each),
);

export const isDatasetClass = (retentionClass: RetentionClass): boolean =>
  (DATASET_CLASSES as readonly string[]).includes(retentionClass);

/** How long a project keeps data, beside what its purposes say; and what is deleted without asking. */
export const RetentionPolicy = z
  .strictObject({
    rules: z
      .array(
        z.strictObject({
          class: z.enum(EnforcedClasses),
          /** Null: every dataset of the project, or a class that is kept by project. */
          dataset: z.string().refine(isName, 'a name').nullable().default(null),
          days: z.int().min(1).max(36_500),
        }),
      )
      .max(500)
      .default([]),
    /** Classes of which what is due is deleted without a second person's word. */
    unattended: z.array(z.enum(EnforcedClasses)).max(EnforcedClasses.length).default([]),
  })
  .superRefine(({ rules, unattended }, context) => {
    const fault = (message: string): void => context.addIssue({ code: 'custom', message });
    const keys = rules.map((rule) => `${rule.class}/${rule.dataset ?? ''}`);
    if (new Set(keys).size !== keys.length) fault('rules name the same class and dataset twice.');
    if (new Set(unattended).size !== unattended.length) fault('unattended names a class twice.');
    for (const { class: each, dataset } of rules)
      if (dataset !== null && !isDatasetClass(each))
        fault(`${each} is kept by project, not by dataset: leave dataset out.`);
  });
export type RetentionPolicy = z.output<typeof RetentionPolicy>;

export const NO_POLICY: RetentionPolicy = Object.freeze({ rules: [], unattended: [] });

/** A version of the policy; 0: nobody has made one. */
export interface RetentionPolicyVersion {
  readonly project: string;
  readonly version: number;
  readonly policy: RetentionPolicy;
  readonly changedBy: string | null;
  readonly changedAt: string | null;
}
