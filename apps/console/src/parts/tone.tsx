import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './tone.module.css';

/** How something stands; told by the word in the badge too, never by colour alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'quiet';

const TONE_BY_STATE: Readonly<Record<string, Tone>> = {
  ok: 'good',
  ready: 'good',
  serving: 'good',
  succeeded: 'good',
  granted: 'good',
  resolved: 'good',
  active: 'good',
  answered: 'good',
  passed: 'good',
  done: 'good',
  yes: 'good',
  completed: 'good',
  fulfilled: 'good',
  alert: 'bad',
  alarm: 'bad',
  failed: 'bad',
  rejected: 'bad',
  refused: 'bad',
  disabled: 'bad',
  revoked: 'bad',
  'not ready': 'bad',
  open: 'warn',
  waiting: 'warn',
  queued: 'warn',
  waived: 'warn',
  conditional: 'warn',
  running: 'info',
  training: 'info',
  loading: 'info',
};

/** The tone of a state that a service names. */
export const toneOf = (state: string): Tone => TONE_BY_STATE[state] ?? 'quiet';

/** A state as a word: `not_enough_data` reads "not enough data". */
export function State({ of, tone }: { of: string; tone?: Tone }): ReactNode {
  return <Toned tone={tone ?? toneOf(of)}>{of.replaceAll('_', ' ')}</Toned>;
}

export function Toned({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return (
    <Badge className={classes.badge} data-tone={tone} radius="sm">
      {children}
    </Badge>
  );
}
