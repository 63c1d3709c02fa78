import { VerifierKey } from '@steward/audit-log';
import { errors } from '@steward/kernel';
import { WitnessClient } from './witness.client';

const WAIT_MS = 10_000;
const MOST_ANSWER_BYTES = 64 * 1024;

/** The witness behind the URL of the settings, over HTTP. */
export class HttpWitnessClient extends WitnessClient {
  readonly key: VerifierKey | null;
  private readonly url: URL | null;

  /** `setting`: verifier key, space, URL prefix; undefined: no witness. Throws AppError `AUDIT.BAD_WITNESS`, `AUDIT.BAD_KEY`. */
  constructor(setting: string | undefined) {
    super();
    const [key, prefix, ...rest] = setting?.trim().split(/\s+/) ?? [];
    this.key = key === undefined ? null : VerifierKey.parse(key, 'witness');
    this.url = prefix === undefined ? null : endpoint(prefix);
    if ((this.key && !this.url) || rest.length > 0) throw badWitness();
  }

  async addCheckpoint(body: string): Promise<{ status: number; body: string }> {
    if (!this.url) throw badWitness();
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        // Where the head goes is the operator's decision, not the answering server's.
        redirect: 'error',
        signal: AbortSignal.timeout(WAIT_MS),
      });
      return { status: response.status, body: await bounded(response) };
    } catch (cause) {
      throw errors.unavailable('AUDIT.WITNESS_AWAY', 'The witness of the audit log does not answer.', {
        cause,
      });
    }
  }
}

function endpoint(prefix: string): URL {
  const url = URL.parse(`${prefix.replace(/\/$/, '')}/add-checkpoint`);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw badWitness();
  return url;
}

async function bounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_ANSWER_BYTES) throw new Error(`An answer of more than ${MOST_ANSWER_BYTES} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const badWitness = (): Error =>
  errors.invalid(
    'AUDIT.BAD_WITNESS',
    'STEWARD_AUDIT_WITNESS holds the witness’s verifier key, a space, and its http or https URL.',
  );
