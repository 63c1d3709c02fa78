import type { ProcessingSettings } from '../records/processing-books';
import { clockOf, type AuditedExposure, type Breach } from './breach';

const BLANK = '[to be written by people]';

/**
 * Drafts of the notifications: to the authority with the parts of Art. 33(3), to the subjects with those of Art. 34(2).
 * Filled with what the platform knows; what it cannot know stands there as a blank.
 */
export function notificationDraft(
  breach: Breach,
  audited: AuditedExposure,
  { controller, dataProtectionOfficer: officer }: ProcessingSettings,
  now: number,
): { readonly authority: string; readonly subjects: string } {
  const { scope, exposure, summary } = breach;
  const contact = officer ?? controller;
  const who = contact ? `${contact.name}, ${contact.contact}` : BLANK;
  const people = exposure ? new Set(audited.subjects).size + exposure.subjects : null;
  const shared = [
    `Nature of the breach: ${summary ?? BLANK}`,
    `Contact: ${who}`,
    `Likely consequences: ${BLANK}`,
    `Measures taken and proposed: ${BLANK}`,
  ];
  const authority = [
    'Notification of a personal data breach (GDPR Art. 33)',
    `Controller: ${controller ? `${controller.name}, ${controller.contact}` : BLANK}`,
    `Aware since ${breach.awareAt}; to be notified until ${clockOf(breach, now).dueAt}.`,
    `Time of the breach: ${scope.from} to ${scope.to}.`,
    `Data subjects, at most: ${people === null ? 'being counted' : people}.`,
    `Records: ${exposure ? `${exposure.predictionRows} predictions, ${exposure.datasetRows} rows of the data set ${scope.dataset ?? '(none)'}` : 'being counted'}.`,
    `Accounts concerned: ${scope.principals.length}; API keys: ${scope.keys.length}.`,
    ...shared,
  ];
  const subjects = ['About a breach of your personal data (GDPR Art. 34)', ...shared];
  return { authority: authority.join('\n'), subjects: subjects.join('\n') };
}
