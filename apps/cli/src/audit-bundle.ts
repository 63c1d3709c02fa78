import { AppError, errors } from '@steward/kernel';
import { existsSync, readFileSync } from 'node:fs';
import { VerifierKey } from '@steward/audit-log';
import { usage } from './cli-error';

/** A head that was seen before, as `audit verify` prints it: SIZE:ROOT. */
export function parseSeenHead(text: string): { size: number; root: string } {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (!match) throw usage(`"${text}" is no head; it looks like 123:<64 hexadecimal digits>.`);
  return { size: Number(match[1]), root: match[2]! };
}

/** The verifier key itself, or the name of a file that holds it. Throws CLI.KEY_UNREADABLE, AUDIT.BAD_KEY. */
export function readKey(given: string): VerifierKey {
  try {
    return VerifierKey.parse(given);
  } catch (error) {
    if (!AppError.is(error) || !existsSync(given)) throw error;
    return VerifierKey.parse(textOf(given));
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, 1_000);
  } catch (cause) {
    throw errors.invalid('CLI.KEY_UNREADABLE', `The key file ${file} cannot be read.`, { cause });
  }
}
