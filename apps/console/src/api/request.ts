import { Problem, problemOf, unreachable } from './problem';

export type Query = Readonly<Record<string, string | number | null | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  /** Sent as JSON, unless `type` says otherwise. */
  readonly body?: unknown;
  /** Content type of a body that is a text or a file. */
  readonly type?: string;
}

let csrfToken: string | null = null;
let onEnded: () => void = () => undefined;

/** The token that every change carries, as the session's answer gave it. */
export function rememberCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called when a service says that the session is over. */
export function whenSessionEnds(listener: () => void): void {
  onEnded = listener;
}

/** A path with its query: what is null, undefined or empty is left out. */
export function pathWith(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Path of a thing in a project of a service; every part is escaped. */
export const inProject = (service: string, project: string, ...rest: readonly (string | number)[]): string =>
  ['', service, 'v1', 'projects', project, ...rest].map((part) => encodeURIComponent(part)).join('/');

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const { query, body, type } = options;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = type ?? 'application/json';
  if (method !== 'GET' && csrfToken !== null) headers['x-csrf-token'] = csrfToken;
  return fetch(pathWith(path, query), {
    method,
    headers,
    body: body === undefined ? undefined : type === undefined ? JSON.stringify(body) : (body as BodyInit),
    credentials: 'same-origin',
    redirect: 'error',
  }).catch(() => {
    throw unreachable();
  });
}

function fail(status: number, text: string): never {
  const problem = problemOf(status, text);
  if (problem.endsSession) onEnded();
  throw problem;
}

/** Reads a file as the person who is logged in. Throws a {@link Problem} for everything but success. */
export async function requestBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await send('GET', path, {});
  const bytes = await response.arrayBuffer().catch(() => {
    throw unreachable();
  });
  if (!response.ok) fail(response.status, new TextDecoder().decode(bytes));
  return new Uint8Array(bytes);
}

/** Calls a service as the person who is logged in. Throws a {@link Problem} for everything but success. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  const text = await response.text().catch(() => {
    throw unreachable();
  });
  if (!response.ok) fail(response.status, text);
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Problem(
      response.status,
      'CONSOLE.ANSWER_UNREADABLE',
      'The service answered with what is not JSON.',
    );
  }
}
