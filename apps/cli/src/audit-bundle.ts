import { AppError, errors } from '@steward/kernel';
import { existsSync, readFileSync } from 'node:fs';
import {
  EXCERPT_FORMAT,
  VerifierKey,
  verifyBundle,
  verifyExcerpt,
  type Signer,
  type VerifyOptions,
  type VerifyReport,
} from '@steward/audit-log';
import { usage } from './cli-error';

/** A head that was seen before, as `audit verify` prints it: SIZE:ROOT. */
export function parseSeenHead(text: string): { size: number; root: string } {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (!match) throw usage(`"${text}" is no head; it looks like 123:<64 hexadecimal digits>.`);
  return { size: Number(match[1]), root: match[2]! };
}

/** The verifier key itself, or the name of a file that holds it. Throws CLI.KEY_UNREADABLE, AUDIT.BAD_KEY. */
export function readKey(given: string, signer: Signer = 'log'): VerifierKey {
  try {
    return VerifierKey.parse(given, signer);
  } catch (error) {
    if (!AppError.is(error) || !existsSync(given)) throw error;
    return VerifierKey.parse(textOf(given), signer);
  }
}

/** Verifies a whole log or an excerpt, whichever the stream turns out to be by its first line. */
export async function verifyEither(
  content: AsyncIterable<Uint8Array>,
  key: VerifierKey,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const chunks = content[Symbol.asyncIterator]();
  const first = await chunks.next();
  const whole = (async function* () {
    if (first.done) return;
    yield first.value;
    for (;;) {
      const next = await chunks.next();
      if (next.done) return;
      yield next.value;
    }
  })();
  const isExcerpt = !first.done && Buffer.from(first.value).includes(`"format":"${EXCERPT_FORMAT}"`);
  if (isExcerpt && options.seenHead)
    throw usage('An excerpt cannot show that it continues a head seen before (--seen); the whole log can.');
  return isExcerpt ? verifyExcerpt(whole, key, options) : verifyBundle(whole, key, options);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, 1_000);
  } catch (cause) {
    throw errors.invalid('CLI.KEY_UNREADABLE', `The key file ${file} cannot be read.`, { cause });
  }
}
