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
  const code = codeOf(body);
  return code.startsWith('ACCESS.') ? code : ADMITTED;
}

function codeOf(body: string): string {
  try {
    const { code } = JSON.parse(body) as { code?: unknown };
    return typeof code === 'string' ? code : '';
  } catch {
    return '';
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
      // Only problem details say that something was refused; files and streams are not read to their end.
      if (!(response.headers['content-type'] ?? '').includes('problem+json')) {
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
