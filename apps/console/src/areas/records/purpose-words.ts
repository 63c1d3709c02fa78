import type { ProcessingSettingsAnswer, PurposeAnswer } from '@steward/client/answers';
import { words } from '../../parts/format';

const BASES: Readonly<Record<string, string>> = {
  a: 'consent',
  b: 'contract',
  c: 'legal obligation',
  d: 'vital interests',
  e: 'public task',
  f: 'legitimate interests',
};

/** "Art. 6(1)(b), contract"; a clear word where there is none. */
export const basisText = (basis: PurposeAnswer['lawfulBasis']): string =>
  basis
    ? `Art. 6(1)(${basis.article}), ${BASES[basis.article] ?? 'unknown'}`
    : 'none: nothing may be processed';

export const categoryText = ({ category, condition }: PurposeAnswer['specialCategories'][number]): string =>
  `${words(category)}, ${condition ? `Art. 9(2)(${condition})` : 'no condition: nothing may be processed'}`;

export const contactText = (contact: ProcessingSettingsAnswer['controller']): string =>
  contact ? `${contact.name}, ${contact.contact}` : 'not named yet';

/** What a new purpose begins with. */
export const PURPOSE_TEMPLATE = `title: Credit decisions
description: Whether an application for a loan is granted.
state: active
lawfulBasis:
  article: b          # a consent, b contract, c legal obligation, d vital interests, e public task, f legitimate interests
  grounds: Steps at the request of the applicant before a contract.
specialCategories: [] # - { category: racial-or-ethnic-origin, condition: g, grounds: ... }
subjectCategories: [applicants]
recipients: []        # - { name: ..., kind: processor, country: ... }
transfers: []         # - { country: ..., recipient: ..., safeguard: adequacy, reference: ... }
retention:
  - { class: prediction-rows, days: 30 }
consentTexts: []      # - { version: 1, text: ... }
automatedDecisions: true
`;
