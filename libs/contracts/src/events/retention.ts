import { z } from 'zod';
import { defineEvent } from '../event-definition';
import { field } from '../field';
import { RetentionParticipants, RetentionTopics, Topics, type RetentionParticipant } from '../topics';

/** What data are kept apart for retention (GDPR 5(1)(e)). */
export const RetentionClasses = [
  'raw-uploads',
  'quarantine',
  'prediction-rows',
  'dataset-versions',
  'window-rows',
  'held-decisions',
  'consents',
  'audit-notes',
  'request-notes',
  'approval-notes',
  'breach-notes',
  'reports',
] as const;
export type RetentionClass = (typeof RetentionClasses)[number];

/** A run first counts what would go; the deletion is another order of the same run. */
export const RetentionModes = ['count', 'delete'] as const;
export type RetentionMode = (typeof RetentionModes)[number];

/** A legal hold was placed or lifted: from then on nothing under it is deleted by age. Key: `<project>`. */
export const RetentionHoldChanged = defineEvent(
  'retention-hold.changed',
  Topics.retention,
  z.object({
    holdId: field.id(),
    state: field.oneOf(['placed', 'lifted']),
    /** Null: every dataset of the project, and what belongs to none. */
    dataset: field.name().nullable(),
    /** Null: every class. */
    class: field.oneOf(RetentionClasses).nullable(),
    /** Null: until it is lifted. */
    until: field.time().nullable(),
  }),
);

/** What has outlived its time is to be counted or deleted. Key: as above, so that holds placed before are known. */
export const RetentionOrdered = defineEvent(
  'retention.ordered',
  Topics.retention,
  z.object({
    runId: field.id(),
    mode: field.oneOf(RetentionModes),
    /** Artifact: JSON of the RetentionOrders (libs/subjects). */
    ordersDigest: field.digest(),
    orders: field.count(),
  }),
);

/** A service counted or deleted its part. What, how much and how old stands in the report. Key: as above. */
export const RetentionAnswered = Object.fromEntries(
  RetentionParticipants.map((service) => [service, answered(service)]),
) as Record<RetentionParticipant, ReturnType<typeof answered>>;

function answered(service: RetentionParticipant) {
  return defineEvent(
    'retention.answered',
    RetentionTopics[service],
    z.object({
      runId: field.id(),
      mode: field.oneOf(RetentionModes),
      /** Artifact: JSON of the RetentionReport (libs/subjects). No personal data. */
      reportDigest: field.digest(),
      /** Rows, records and texts. */
      items: field.count(),
      /** Orders that a legal hold stopped. */
      held: field.count(),
    }),
  );
}
