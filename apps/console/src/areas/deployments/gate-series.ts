import type { RolloutLookAnswer } from '@steward/client/answers';

/** How a gate stood at one look. */
export interface GatePoint {
  readonly label: string;
  readonly at: string;
  readonly step: number;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly observed: number;
}

export interface GateSeries {
  readonly gate: string;
  readonly tolerance: number;
  readonly rows: readonly GatePoint[];
}

const FORMAT = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** The looks at a rollout, oldest first, as one series a gate; gates of which nothing was ever seen are left out. */
export function gateSeries(looks: readonly RolloutLookAnswer[]): GateSeries[] {
  const names = [...new Set(looks.flatMap(({ gates }) => gates.map(({ gate }) => gate)))];
  return names
    .map((name): GateSeries => {
      const found = looks.flatMap(({ at, step, gates }) => {
        const gate = gates.find((each) => each.gate === name);
        return gate ? [{ at, step, gate }] : [];
      });
      return {
        gate: name,
        tolerance: found.at(-1)!.gate.tolerance,
        rows: found.flatMap(({ at, step, gate: { difference, observed } }) =>
          difference ? [{ label: FORMAT.format(Date.parse(at)), at, step, observed, ...difference }] : [],
        ),
      };
    })
    .filter(({ rows }) => rows.length > 0);
}
