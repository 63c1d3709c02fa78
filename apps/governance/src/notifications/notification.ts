import { errors, type AppError } from '@steward/kernel';

export const MatterKinds = ['approval', 'alert', 'emergency-access', 'breach', 'subject-request'] as const;
export type MatterKind = (typeof MatterKinds)[number];

/** What is told of a matter: that it waits for people, that its time runs out, that its time is over. */
export type Stage = 'waiting' | 'due' | 'overdue';

/** Something that waits for people, as the tables of governance have it now. */
export interface OpenMatter {
  readonly kind: MatterKind;
  readonly objectId: string;
  readonly stage: Stage;
  readonly project: string;
  /** Names of models, ids and figures; no personal data. */
  readonly summary: string;
  /** For whom: holders of these roles, and these people by id. */
  readonly roles: readonly string[];
  readonly people: readonly string[];
  /** Path of the page of the console that shows it. */
  readonly page: string;
  /** ISO 8601; null: it has no clock. */
  readonly dueAt: string | null;
}

export const DeliveryStates = ['waiting', 'delivered', 'dead', 'shown'] as const;
export type DeliveryState = (typeof DeliveryStates)[number];

/** A matter that was told, with how its delivery stands. Times are ISO 8601. */
export interface Notification extends OpenMatter {
  readonly id: string;
  readonly createdAt: string;
  /** Since when nobody need do anything about it; null: it waits still. */
  readonly settledAt: string | null;
  /** `waiting` for the webhook, `delivered`, `dead` after the last try, `shown` where there is no webhook. */
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAt: string;
  readonly fault: string | null;
  readonly deliveredAt: string | null;
}

/** After so many refusals a notification is dead until a person sends it again: the tries span about a day. */
export const MOST_ATTEMPTS = 12;
const FIRST_WAIT_MS = 20_000;
const LONGEST_WAIT_MS = 4 * 3_600_000;

/** How long the next try waits after so many refusals: doubling, 4 h at most. */
export const waitAfter = (attempts: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, attempts - 1), LONGEST_WAIT_MS);

export function notificationNotFound(id: string): AppError {
  return errors.notFound('GOVERNANCE.NOTIFICATION_NOT_FOUND', 'There is no such notification here.', {
    details: { id },
  });
}
