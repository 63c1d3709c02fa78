import type { Exclusion } from '@steward/contracts';

/** One change of something that decides what is trained or when, and who made it. */
export interface GovernedChange {
  readonly kind: 'pipeline' | 'contract' | 'monitor';
  readonly name: string;
  readonly person: string;
  /** ISO 8601. */
  readonly at: string;
}

const BECAUSE = {
  pipeline: 'changed_pipeline',
  contract: 'changed_contract',
  monitor: 'changed_monitor',
} as const satisfies Record<GovernedChange['kind'], Exclusion['because']>;

/**
 * Who may not approve (four eyes): who started the run or stands at the root of the chain that did, who last changed the
 * pipeline, the contract or a monitor of the model, and who changed any of them since the alias was last moved (ever, if it
 * never was). `startedBy` is null where a service is at the root. Each person once per reason, in a stable order. Governance adds those who changed the policy.
 */
export function exclusionsOf(
  startedBy: string | null,
  changes: readonly GovernedChange[],
  lastApproval: string | null,
): Exclusion[] {
  const newest = new Map<string, GovernedChange>();
  for (const change of changes) {
    const key = `${change.kind} ${change.name}`;
    const before = newest.get(key);
    // Of two changes in one millisecond both count as the last.
    if (!before || change.at > before.at) newest.set(key, change);
  }
  const counted = changes.filter(
    (change) =>
      change.at >= newest.get(`${change.kind} ${change.name}`)!.at ||
      lastApproval === null ||
      change.at >= lastApproval,
  );
  const found = new Map<string, Exclusion>();
  const add = (exclusion: Exclusion) => found.set(`${exclusion.because} ${exclusion.person}`, exclusion);
  if (startedBy !== null) add({ person: startedBy, because: 'started_run' });
  for (const change of counted) add({ person: change.person, because: BECAUSE[change.kind] });
  return [...found.keys()].sort().map((key) => found.get(key)!);
}
