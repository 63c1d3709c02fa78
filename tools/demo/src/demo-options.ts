import { parseArgs } from 'node:util';
import { errors } from '@steward/kernel';

/** What a test may break, to see that the demo notices. */
export const Breaks = ['quarantine', 'approval', 'monitor', 'labels', 'audit-entry'] as const;
export type Break = (typeof Breaks)[number];

export interface DemoOptions {
  /** End by itself instead of staying up until Ctrl-C. */
  readonly exit: boolean;
  /** File for the summary as JSON. */
  readonly json: string | null;
  /** A second calm batch in place of the shifted ones: nothing may happen. */
  readonly control: boolean;
  /** Start from an empty data folder. */
  readonly fresh: boolean;
  /** For tests of the demo itself. */
  readonly broken: Break | null;
}

export const USAGE = `npm run demo -- [--exit] [--json FILE] [--control] [--fresh]

  --exit       end by itself (status 0 only if every step held)
  --json FILE  write the summary as JSON
  --control    send a second calm batch in place of the shifted one: no alert, no retraining
  --fresh      start from an empty data folder`;

/** Throws DEMO.ARGUMENTS_INVALID with the usage. */
export function demoOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        exit: { type: 'boolean', default: false },
        json: { type: 'string' },
        control: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        break: { type: 'string' },
      },
    });
    const broken = values.break ?? null;
    if (broken !== null && !(Breaks as readonly string[]).includes(broken))
      throw new Error(`--break takes one of ${Breaks.join(', ')}.`);
    return {
      exit: values.exit,
      json: values.json ?? null,
      control: values.control,
      fresh: values.fresh,
      broken: broken as Break | null,
    };
  } catch (error) {
    throw errors.invalid(
      'DEMO.ARGUMENTS_INVALID',
      `${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`,
    );
  }
}
