import { NumberInput } from '@mantine/core';
import type { RequestLimits } from '@steward/client/answers';
import type { ReactNode } from 'react';
import { AskDialog, fieldOf } from '../../parts/ask-dialog';

const FIELDS = [
  ['requestsPerSecond', 'Requests a second'],
  ['burst', 'Requests at once after a pause'],
  ['rowsPerSecond', 'Rows a second'],
  ['rowsPerDay', 'Rows in any 24 hours'],
  ['concurrentRequests', 'Requests in hand at a time, each process'],
] as const;

interface Props {
  /** Where its limits stand, such as `/governance/v1/projects/risk/limits`. */
  readonly path: string;
  readonly limits: RequestLimits | null | undefined;
}

/** Sets how much a key or a project may ask inference for; with all fields empty it takes the limits back. */
export function LimitsDialog({ path, limits }: Props): ReactNode {
  return (
    <AskDialog
      label="Limits"
      doIt="Set them"
      about="What is left empty is not limited here; with all fields empty the limits of the installation hold. Inference follows within a second."
      change={(fields) => {
        const body = Object.fromEntries(
          FIELDS.flatMap(([name]) => {
            const text = fieldOf(fields, name);
            return text === '' ? [] : [[name, Number(text)]];
          }),
        );
        return Object.keys(body).length === 0 ? { method: 'DELETE', path } : { method: 'PUT', path, body };
      }}
    >
      {FIELDS.map(([name, label]) => (
        <NumberInput
          key={name}
          name={name}
          label={label}
          min={0}
          hideControls
          defaultValue={limits?.[name] ?? ''}
        />
      ))}
    </AskDialog>
  );
}

/** Limits in a few words; empty where there are none. */
export const limitWords = (limits: RequestLimits | null | undefined): string =>
  FIELDS.flatMap(([name, label]) => {
    const value = limits?.[name];
    return value === undefined ? [] : [`${label.toLowerCase()}: ${value.toLocaleString('en-US')}`];
  }).join(', ');
