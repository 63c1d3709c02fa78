import { errors } from '@steward/kernel';

export type Side = 'canary' | 'champion';

interface Decisions {
  rows: number;
  favourable: number;
}

/** One group on both sides. */
interface GroupCounts {
  readonly column: string;
  /** The group itself: it never leaves this service. */
  readonly value: string;
  readonly canary: Decisions;
  readonly champion: Decisions;
}

/** Totals of one step of a rollout, plain JSON. Groups stand in the order in which they were first seen. */
export interface RolloutCounts {
  readonly canary: { outcomes: number; wrong: number };
  readonly champion: { outcomes: number; wrong: number };
  readonly groups: GroupCounts[];
}

/** More groups are not told apart: callers choose their names. */
const MOST_GROUPS = 50;
/** Smaller groups are shown to nobody. */
const SMALLEST_GROUP = 10;

export const noCounts = (): RolloutCounts => ({
  canary: { outcomes: 0, wrong: 0 },
  champion: { outcomes: 0, wrong: 0 },
  groups: [],
});

/** Counts a decision about somebody of these groups. */
export function addDecision(
  counts: RolloutCounts,
  side: Side,
  groups: Readonly<Record<string, string | null>>,
  favourable: boolean,
): void {
  for (const [column, value] of Object.entries(groups)) {
    if (value === null) continue;
    let group = counts.groups.find((one) => one.column === column && one.value === value);
    if (!group) {
      if (counts.groups.length >= MOST_GROUPS) continue;
      group = { column, value, canary: { rows: 0, favourable: 0 }, champion: { rows: 0, favourable: 0 } };
      counts.groups.push(group);
    }
    group[side].rows += 1;
    if (favourable) group[side].favourable += 1;
  }
}

export function addOutcome(counts: RolloutCounts, side: Side, wrong: boolean): void {
  counts[side].outcomes += 1;
  if (wrong) counts[side].wrong += 1;
}

/** What inference is told: groups by their number alone, and none of fewer than 10 rows on a side. */
export function toldCounts({ canary, champion, groups }: RolloutCounts) {
  return {
    canary,
    champion,
    groups: groups
      .map(({ column, canary: on, champion: beside }, index) => ({
        column,
        ordinal: index + 1,
        canary: on,
        champion: beside,
      }))
      .filter((group) => group.canary.rows >= SMALLEST_GROUP && group.champion.rows >= SMALLEST_GROUP),
  };
}

/** `<rollout id>/<step>`, as inference writes it into predictions; of an experiment `<id>/<version>`. */
export function parseRollout(text: string): { rolloutId: string; step: number } {
  const [, rolloutId, step] = /^([\w-]{1,100})\/(\d{1,9})$/.exec(text) ?? [];
  if (rolloutId !== undefined && step !== undefined) return { rolloutId, step: Number(step) };
  throw errors.invalid('MONITORING.ROLLOUT_INVALID', 'A prediction names a rollout in a form that is none.');
}
