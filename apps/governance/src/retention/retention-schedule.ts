import { RetentionClasses, type RetentionClass } from '@steward/contracts';
import { DATASET_CLASSES, GONE_AT_ONCE, isDatasetClass, type RetentionPolicy } from './retention-policy';

const DAY_MS = 24 * 3600 * 1000;

/** What says how long something is kept. */
export interface RetentionGround {
  readonly kind: 'purpose' | 'policy';
  /** The purpose; of the policy: the dataset, or `project`. */
  readonly name: string;
  readonly days: number;
}

/** How long one class of one dataset, or of the project, is kept. */
export interface ScheduledRetention {
  readonly class: RetentionClass;
  readonly dataset: string | null;
  /** The strictest of the grounds. */
  readonly days: number;
  readonly because: readonly RetentionGround[];
  /** False: it is gone at once, so no run deletes it. */
  readonly enforced: boolean;
}

/** A purpose's word on retention. */
export interface PurposeRetention {
  readonly purpose: string;
  readonly retention: readonly { readonly class: RetentionClass; readonly days: number }[];
}

/** What the schedule is made from. */
export interface RetentionGrounds {
  readonly policy: RetentionPolicy;
  readonly purposes: readonly PurposeRetention[];
  /** Every dataset of the project with the purposes that it is bound to. */
  readonly datasets: ReadonlyMap<string, readonly string[]>;
}

/**
 * How long everything is kept: by dataset where the class is, and the strictest word wins. A dataset's purposes count for
 * what is kept by dataset; every purpose of the project for the rest. What nobody says a word on is not in it.
 */
export function scheduleOf({ policy, purposes, datasets }: RetentionGrounds): ScheduledRetention[] {
  const byPurpose = (each: RetentionClass, among: readonly string[] | null): RetentionGround[] =>
    purposes
      .filter(({ purpose }) => among === null || among.includes(purpose))
      .flatMap(({ purpose, retention }) =>
        retention
          .filter((rule) => rule.class === each)
          .map(({ days }) => ({ kind: 'purpose' as const, name: purpose, days })),
      );
  const byPolicy = (each: RetentionClass, dataset: string | null): RetentionGround[] =>
    policy.rules
      .filter((rule) => rule.class === each && (rule.dataset === null || rule.dataset === dataset))
      .map((rule) => ({ kind: 'policy' as const, name: rule.dataset ?? 'project', days: rule.days }));
  const scheduled = (each: RetentionClass, dataset: string | null, because: RetentionGround[]) =>
    because.length === 0
      ? []
      : [
          {
            class: each,
            dataset,
            days: Math.min(...because.map(({ days }) => days)),
            because,
            enforced: !(GONE_AT_ONCE as readonly string[]).includes(each),
          },
        ];
  const named = policy.rules.flatMap(({ dataset }) => (dataset === null ? [] : [dataset]));
  const everyDataset = [...new Set([...datasets.keys(), ...named])].sort();
  return [
    ...DATASET_CLASSES.flatMap((each) =>
      everyDataset.flatMap((dataset) =>
        scheduled(each, dataset, [
          ...byPurpose(each, datasets.get(dataset) ?? []),
          ...byPolicy(each, dataset),
        ]),
      ),
    ),
    ...RetentionClasses.filter((each) => !isDatasetClass(each)).flatMap((each) =>
      scheduled(each, null, [...byPurpose(each, null), ...byPolicy(each, null)]),
    ),
  ];
}

/** What a legal hold covers. */
export interface HoldScope {
  readonly id: string;
  readonly dataset: string | null;
  readonly class: RetentionClass | null;
}

/** What of a schedule is to go, and what of it legal holds stop. */
export interface DueRetention {
  readonly orders: { class: RetentionClass; dataset: string | null; before: string; days: number }[];
  readonly held: { class: RetentionClass; dataset: string | null; holdId: string }[];
}

/** A hold on a dataset covers what is kept by that dataset; one on none covers everything of its class. */
export function holdOver(
  holds: readonly HoldScope[],
  of: { readonly class: RetentionClass; readonly dataset: string | null },
): HoldScope | undefined {
  return holds.find(
    (hold) =>
      (hold.class === null || hold.class === of.class) &&
      (hold.dataset === null || hold.dataset === of.dataset),
  );
}

/** `now`: milliseconds since the epoch. `classes`: no others. */
export function dueOf(
  schedule: readonly ScheduledRetention[],
  holds: readonly HoldScope[],
  classes: readonly RetentionClass[],
  now: number,
): DueRetention {
  const due: DueRetention = { orders: [], held: [] };
  for (const { class: each, dataset, days, enforced } of schedule) {
    if (!enforced || !classes.includes(each)) continue;
    const hold = holdOver(holds, { class: each, dataset });
    if (hold) due.held.push({ class: each, dataset, holdId: hold.id });
    else due.orders.push({ class: each, dataset, days, before: new Date(now - days * DAY_MS).toISOString() });
  }
  return due;
}
