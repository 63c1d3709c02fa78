import { request } from 'node:http';
import { ADMITTED } from './expected';

const PATIENCE_MS = 20_000;
/** Longer answers are no refusals, so their rest is not waited for. */
const LONGEST = 64 * 1024;

/** Sends a call with an empty body and says what became of it: `admitted`, or the code of the guard's refusal. */
export async function httpOutcome(
  url: string,
  method: string,
  credential: string | undefined,
): Promise<string> {
  const { status, body } = await send(url, method, credential);
  if (status >= 500 && status !== 503) return `HTTP ${status}`;
  return refusalIn(body) ?? ADMITTED;
}

/** The guard's sentences, for protocols whose errors have no place for a code (TensorFlow Serving). */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^Say who you are/, 'ACCESS.CREDENTIAL_MISSING'],
  [/^You may not /, 'ACCESS.FORBIDDEN'],
  [/^There is no such thing /, 'ACCESS.NOT_FOUND'],
];

/** The code of the guard's refusal in the body of an error; null: it was something else. */
export function refusalIn(body: string): string | null {
  const { code, error } = parsed(body);
  if (typeof code === 'string') return code.startsWith('ACCESS.') ? code : null;
  if (typeof error !== 'string') return null;
  return SENTENCES.find(([pattern]) => pattern.test(error))?.[1] ?? null;
}

function parsed(body: string): { readonly code?: unknown; readonly error?: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function send(
  url: string,
  method: string,
  credential: string | undefined,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const hasBody = !['GET', 'HEAD', 'DELETE'].includes(method);
    const call = request(url, {
      method,
      timeout: PATIENCE_MS,
      headers: {
        ...(credential === undefined ? {} : { authorization: credential }),
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      },
    });
    call.on('response', (response) => {
      let body = '';
      const done = (): void => resolve({ status: response.statusCode ?? 0, body });
      // Only errors say that something was refused; files and streams are not read to their end.
      if ((response.statusCode ?? 0) < 400) {
        done();
        response.destroy();
        return;
      }
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < LONGEST) body += chunk;
      });
      response.on('end', done);
      response.on('error', reject);
    });
    call.on('timeout', () => call.destroy(new Error(`${method} ${url} did not answer.`)));
    call.on('error', reject);
    call.end(hasBody ? '{}' : undefined);
  });
}
