import type {
  AlertAnswer,
  ApprovalAnswer,
  DeadLetterAnswer,
  NotificationAnswer,
  RetrainAnswer,
} from '@steward/client/answers';
import { words } from '../../parts/format';

/** Something that waits for a person. */
export interface Waiting {
  readonly id: string;
  readonly what: string;
  /** Who can do something about it. */
  readonly who: string;
  /** Page of the project, as path parts. */
  readonly at: readonly string[];
  readonly since: string;
}

export interface WaitingSources {
  readonly approvals: readonly ApprovalAnswer[];
  readonly alerts: readonly AlertAnswer[];
  readonly retrains: readonly RetrainAnswer[];
  readonly letters: readonly (DeadLetterAnswer & { readonly service: string })[];
  /** Newest first. */
  readonly notifications: readonly NotificationAnswer[];
}

/** What the outbox alone tells: approvals and alerts are asked where they live, with more to say of them. */
const TOLD = ['breach', 'subject-request', 'emergency-access'];

/** The newest word of the outbox on each matter that waits. */
const newestWords = (notifications: readonly NotificationAnswer[]): NotificationAnswer[] =>
  notifications.filter(
    ({ kind, objectId, settledAt }, at) =>
      settledAt === null &&
      TOLD.includes(kind) &&
      notifications.findIndex((each) => each.objectId === objectId) === at,
  );

/** All that waits for people in a project, what has waited longest first. */
export function waitingFor({
  approvals,
  alerts,
  retrains,
  letters,
  notifications,
}: WaitingSources): Waiting[] {
  const found: Waiting[] = [
    ...approvals
      .filter(({ state }) => state === 'open')
      .map((each): Waiting => {
        const failed = each.gates.filter(({ passed, waivedBy }) => !passed && !waivedBy);
        return {
          id: each.id,
          what: `${each.model} version ${each.version} wants to become ${each.alias}${failed.length > 0 ? `; failed: ${failed.map(({ gate }) => words(gate)).join(', ')}` : ''}`,
          who: each.policy?.roles.map(words).join(' or ') ?? 'an approver',
          at: ['approvals', each.id],
          since: each.openedAt,
        };
      }),
    ...alerts
      .filter(({ state, acknowledgedBy }) => state === 'open' && acknowledgedBy === null)
      .map((each): Waiting => ({
        id: each.id,
        what: `${words(each.kind)} in ${each.model} version ${each.modelVersion}${each.columns.length > 0 ? `: ${each.columns.join(', ')}` : ''}`,
        who: 'ml engineer',
        at: ['alerts'],
        since: each.raisedAt,
      })),
    ...retrains
      .filter(({ state }) => state === 'failed')
      .map((each): Waiting => ({
        id: each.retrainId,
        what: `Retraining of ${each.model} failed: ${each.explanation}`,
        who: 'ml engineer',
        at: ['runs'],
        since: each.changedAt,
      })),
    ...letters
      .filter(({ state }) => state === 'waiting')
      .map((each): Waiting => ({
        id: each.id,
        what: `${each.service} could not handle ${each.type ?? 'an event'}: ${each.reason}`,
        who: 'whoever may replay dead letters',
        at: [],
        since: each.createdAt,
      })),
    ...newestWords(notifications).map((each): Waiting => ({
      id: each.id,
      what: each.summary,
      who: each.roles.map(words).join(' or '),
      // Below `/projects/<project>`.
      at: each.page.split('/').slice(3).map(decodeURIComponent),
      since: each.createdAt,
    })),
  ];
  return found.toSorted((left, right) => left.since.localeCompare(right.since));
}
