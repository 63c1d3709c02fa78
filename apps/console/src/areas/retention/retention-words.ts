import type { Tone } from '../../parts/tone';
import { count, several, words } from '../../parts/format';
import type { RetentionPart, RetentionRunAnswer, RunState, ScheduledAnswer } from './retention-answers';

/** What can be deleted by age, as governance names it. */
export const ENFORCED_CLASSES = [
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

const TONES: Readonly<Record<RunState, Tone>> = {
  counting: 'info',
  counted: 'warn',
  deleting: 'info',
  done: 'good',
  empty: 'quiet',
  cancelled: 'quiet',
};

export const runTone = (state: RunState): Tone => TONES[state];

const STATES: Readonly<Record<RunState, string>> = {
  counting: 'counting: nothing is deleted',
  counted: 'counted: waits for a second person',
  deleting: 'deleting what was counted',
  done: 'done',
  empty: 'nothing was due',
  cancelled: 'cancelled',
};

export const runState = ({ state, unattended }: Pick<RetentionRunAnswer, 'state' | 'unattended'>): string =>
  state === 'counted' && unattended ? 'counted: goes on by policy' : STATES[state];

/** "90 days", "2 years": what is whole in years is said in years too. */
export const days = (value: number): string =>
  value >= 365 && value % 365 === 0
    ? `${several(value / 365, 'year')} (${count(value)} days)`
    : several(value, 'day');

/** Why something is kept so long: the strictest word first. */
export const because = ({ because: grounds, enforced }: ScheduledAnswer): string =>
  enforced
    ? grounds
        .toSorted((left, right) => left.days - right.days)
        .map(({ kind, name, days: said }) => `${kind} ${name}: ${several(said, 'day')}`)
        .join(', ')
    : 'gone as soon as it is checked';

/** What a hold, an order or a rule covers. */
export const scopeText = ({
  class: each,
  dataset,
}: {
  class: string | null;
  dataset: string | null;
}): string => `${each === null ? 'everything' : words(each)}${dataset === null ? '' : ` of ${dataset}`}`;

export const itemsOf = (parts: readonly RetentionPart[]): number =>
  parts.reduce((sum, { items }) => sum + items, 0);

/** Who may not confirm: who opened the run; where the schedule did, who made the policy. */
export const firstPerson = ({
  origin,
  openedBy,
  policyBy,
}: Pick<RetentionRunAnswer, 'origin' | 'openedBy' | 'policyBy'>): string | null =>
  origin === 'person' ? openedBy : policyBy;
