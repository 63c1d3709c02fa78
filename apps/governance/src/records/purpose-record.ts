import { RetentionClasses } from '@steward/contracts';
import { z } from 'zod';

const text = (least: number, most: number) => z.string().trim().min(least).max(most);
const names = z.array(text(1, 200)).max(100).default([]);

/** GDPR Art. 6(1): consent, contract, legal obligation, vital interests, public task, legitimate interests. */
export const LAWFUL_BASES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
/** GDPR Art. 9(1). */
export const SPECIAL_CATEGORIES = [
  'racial-or-ethnic-origin',
  'political-opinions',
  'religious-or-philosophical-beliefs',
  'trade-union-membership',
  'genetic',
  'biometric',
  'health',
  'sex-life-or-orientation',
] as const;
/** GDPR Art. 9(2)(a) to (j). */
export const CONDITIONS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] as const;
/** A purpose in the record of processing (GDPR Art. 30(1)), as people write it. */
export const PurposeRecord = z
  .strictObject({
    title: text(3, 200),
    description: text(10, 4_000),
    state: z.enum(['active', 'retired']).default('active'),
    /** Null: none has been found yet, so nothing may be processed for it. */
    lawfulBasis: z
      .strictObject({ article: z.enum(LAWFUL_BASES), grounds: text(10, 4_000) })
      .nullable()
      .default(null),
    /** Special categories of data; a condition of null: none has been found yet. */
    specialCategories: z
      .array(
        z.strictObject({
          category: z.enum(SPECIAL_CATEGORIES),
          condition: z.enum(CONDITIONS).nullable().default(null),
          grounds: text(0, 4_000).default(''),
        }),
      )
      .max(20)
      .default([]),
    subjectCategories: names,
    recipients: z
      .array(
        z.strictObject({
          name: text(1, 200),
          kind: z.enum(['processor', 'controller', 'joint-controller', 'authority']),
          country: text(2, 100),
        }),
      )
      .max(200)
      .default([]),
    /** To countries outside the EU and EEA (Art. 44 to 49). */
    transfers: z
      .array(
        z.strictObject({
          country: text(2, 100),
          recipient: text(1, 200),
          safeguard: z.enum(['adequacy', 'standard-clauses', 'binding-rules', 'derogation']),
          reference: text(1, 500),
        }),
      )
      .max(100)
      .default([]),
    /** Days after which data of a class are deleted. */
    retention: z
      .array(z.strictObject({ class: z.enum(RetentionClasses), days: z.int().min(1).max(36_500) }))
      .max(RetentionClasses.length)
      .default([]),
    /** Texts that subjects are shown, where the basis is consent. A version's text never changes. */
    consentTexts: z
      .array(z.strictObject({ version: z.int().min(1).max(10_000), text: text(10, 20_000) }))
      .max(200)
      .default([]),
    /** True: decisions are made by machine alone that affect people (Art. 22). */
    automatedDecisions: z.boolean().default(false),
  })
  .superRefine((record, context) => {
    const fault = (message: string): void => context.addIssue({ code: 'custom', message });
    if (record.lawfulBasis?.article === 'a' && record.consentTexts.length === 0)
      fault('A purpose that rests on consent needs the text that subjects are shown (consentTexts).');
    for (const part of ['consentTexts', 'retention', 'specialCategories'] as const) {
      const keys = record[part].map((each) =>
        'version' in each ? each.version : 'class' in each ? each.class : each.category,
      );
      if (new Set<unknown>(keys).size !== keys.length) fault(`${part} names the same thing twice.`);
    }
  });
export type PurposeRecord = z.output<typeof PurposeRecord>;

/** Why nothing may be processed for these purposes, or null: the first fault found. */
export function purposesFault(
  purposes: readonly string[],
  records: ReadonlyMap<string, PurposeRecord>,
): string | null {
  for (const name of purposes) {
    const record = records.get(name);
    if (!record) return 'UNKNOWN';
    if (record.state === 'retired') return 'RETIRED';
    if (record.lawfulBasis === null) return 'NO_LAWFUL_BASIS';
    if (record.specialCategories.some(({ condition }) => condition === null)) return 'NO_CONDITION';
  }
  return null;
}

/** True where a text that subjects have seen would be changed or taken away. */
export function textsChanged(before: PurposeRecord, after: PurposeRecord): boolean {
  return before.consentTexts.some(
    ({ version, text: seen }) => after.consentTexts.find((each) => each.version === version)?.text !== seen,
  );
}
