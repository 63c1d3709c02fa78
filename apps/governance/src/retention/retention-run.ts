import type { RetentionClass, RetentionMode } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { DueRetention } from './retention-schedule';

export const RunStates = ['counting', 'counted', 'deleting', 'done', 'empty', 'cancelled'] as const;
export type RunState = (typeof RunStates)[number];
export const OPEN_STATES = ['counting', 'counted', 'deleting'] as const satisfies readonly RunState[];

/** What would go of one store. */
export interface CountedPart {
  readonly service: string;
  readonly class: RetentionClass;
  readonly store: string;
  readonly name: string;
  readonly items: number;
  readonly oldest: string | null;
}

/** A run: counted first, confirmed by a second person or by policy, then deleted. */
export interface RetentionRun {
  readonly id: string;
  readonly project: string;
  readonly origin: 'person' | 'schedule';
  /** True: the policy lets it go on without a second person. */
  readonly unattended: boolean;
  readonly state: RunState;
  readonly orders: DueRetention['orders'];
  readonly held: DueRetention['held'];
  readonly policyVersion: number;
  /** Who made that policy; null: nobody. */
  readonly policyBy: string | null;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly counts: readonly CountedPart[] | null;
  readonly countedAt: string | null;
  readonly confirmedBy: string | null;
  readonly confirmedAt: string | null;
  readonly deletedItems: number | null;
  readonly evidence: string | null;
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  readonly correlation: string;
}

/** What one service owes, or answered. */
export interface RetentionStep {
  readonly mode: RetentionMode;
  readonly service: string;
  readonly reportDigest: string | null;
  readonly items: number | null;
  readonly held: number | null;
  readonly answeredAt: string | null;
}

/** Throws GOVERNANCE.RETENTION_RUN_STATE. */
export function requireState(run: RetentionRun, states: readonly RunState[]): void {
  if (states.includes(run.state)) return;
  throw errors.conflict('GOVERNANCE.RETENTION_RUN_STATE', `The run is ${run.state}.`, {
    details: { state: run.state },
  });
}

/**
 * Four eyes: who opened the run cannot confirm it; where the schedule did, who made the policy cannot. Throws
 * GOVERNANCE.RETENTION_FOUR_EYES.
 */
export function requireSecondPerson(
  run: RetentionRun,
  who: { readonly id: string; readonly kind: string },
): void {
  const first = run.origin === 'person' ? run.openedBy : run.policyBy;
  if (who.kind === 'person' && who.id !== first) return;
  throw errors.forbidden(
    'GOVERNANCE.RETENTION_FOUR_EYES',
    who.kind !== 'person'
      ? 'A person confirms what is deleted.'
      : run.origin === 'person'
        ? 'You opened this run: another person confirms it.'
        : 'You made the policy that this run follows: another person confirms it.',
  );
}

/** The orders of which something was counted: no others are deleted. */
export function ordersToDelete(run: RetentionRun): DueRetention['orders'] {
  const counted = run.counts ?? [];
  return run.orders.filter((order) => counted.some((part) => isOf(part, order)));
}

/** What is kept by dataset is counted under the dataset's name. */
const isOf = (part: CountedPart, order: RetentionRun['orders'][number]): boolean =>
  part.class === order.class && (order.dataset === null || part.name === order.dataset);

/** What has outlived its time, and for how long the oldest of it has. */
export interface Overdue {
  readonly items: number;
  readonly seconds: number;
}

/** How long what was counted has been overdue, by class, in seconds; `now` in milliseconds. */
export function overdueOf(runs: readonly RetentionRun[], now: number): Map<RetentionClass, Overdue> {
  const overdue = new Map<RetentionClass, Overdue>();
  for (const run of runs) {
    for (const part of run.counts ?? []) {
      const days = run.orders.find((order) => isOf(part, order))?.days ?? 0;
      const due = part.oldest === null ? now : Date.parse(part.oldest) + days * 86_400_000;
      const before = overdue.get(part.class) ?? { items: 0, seconds: 0 };
      const seconds = Math.max(before.seconds, Math.round((now - due) / 1000));
      overdue.set(part.class, { items: before.items + part.items, seconds });
    }
  }
  return overdue;
}

export const runNotFound = (id: string) =>
  errors.notFound('GOVERNANCE.RETENTION_RUN_NOT_FOUND', `There is no such run: ${id}.`);
