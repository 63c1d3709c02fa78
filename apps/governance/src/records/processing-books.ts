import type { ProcessingKind } from '@steward/access';
import { z } from 'zod';
import { PurposeRecord } from './purpose-record';

const text = (most: number) => z.string().trim().min(1).max(most);
const Contact = z.strictObject({ name: text(200), contact: text(500) });

/** Who answers for the processing in a project, and whether everything needs a purpose. */
export const ProcessingSettings = z.strictObject({
  controller: Contact.nullable().default(null),
  representative: Contact.nullable().default(null),
  dataProtectionOfficer: Contact.nullable().default(null),
  /** True: training and inference refuse what is bound to no purpose. Default false: purposes are opt-in. */
  purposeRequired: z.boolean().default(false),
});
export type ProcessingSettings = z.output<typeof ProcessingSettings>;

export const RISKS = ['minimal', 'limited', 'high', 'unacceptable'] as const;
/** What a model is for and how risky that is (EU AI Act Art. 5, 6 and Annex III; GDPR Art. 35). */
export const ModelRecord = z.strictObject({
  risk: z.enum(RISKS),
  /** Why it is of this class: the use of Annex III, or why it is none. */
  grounds: z.string().trim().min(10).max(4_000),
  intendedUse: z.string().trim().max(4_000).default(''),
});
export type ModelRecord = z.output<typeof ModelRecord>;

/** The purposes that a thing may be processed for. */
export const BindingRecord = z.strictObject({ purposes: z.array(text(63)).max(50) });
export type BindingRecord = z.output<typeof BindingRecord>;

export const BOUND_KINDS = [
  'dataset',
  'pipeline',
  'model',
  'deployment',
] as const satisfies readonly ProcessingKind[];

/** What stands in the books, by kind. */
export interface EntryContents {
  settings: ProcessingSettings;
  purpose: PurposeRecord;
  binding: BindingRecord;
  model: ModelRecord;
}
export type EntryKind = keyof EntryContents;

/** A version of an entry and who made it. */
export interface BookEntry<Kind extends EntryKind = EntryKind> {
  readonly project: string;
  readonly kind: Kind;
  /** Settings: `settings`; bindings: `<kind>/<name>`. */
  readonly name: string;
  readonly version: number;
  readonly content: EntryContents[Kind];
  readonly changedBy: string;
  readonly changedAt: string;
}

export const SETTINGS = 'settings';
export const DEFAULT_SETTINGS: ProcessingSettings = Object.freeze(ProcessingSettings.parse({}));

export const bindingName = (kind: ProcessingKind, name: string): string => `${kind}/${name}`;
export function bindingParts(entryName: string): { kind: ProcessingKind; name: string } {
  const [kind = '', name = ''] = entryName.split('/');
  return { kind: kind as ProcessingKind, name };
}
