import { InvalidArgumentError, type Command } from 'commander';
import type { CommonOptions, Session } from './session';

/** Makes a command's session from its options. */
export type OpenSession = (options: CommonOptions) => Session;

/** Registers a verb of `steward`. */
export type Verb = (program: Command, open: OpenSession) => void;

/** The options that every verb has. */
export function common(command: Command): Command {
  return command
    .option('-p, --project <name>', 'project (default: STEWARD_PROJECT, else the one chosen at login)')
    .option('--json', 'answer as JSON on the output, and nothing else there');
}

/** A whole number from 1 on. */
export function positive(text: string): number {
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return value;
}

/** A whole number from 0 on. */
export function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 on.');
  return Number(text);
}

/** Each use of the option adds one. */
export const collect = (value: string, all: readonly string[] = []): string[] => [...all, value];
