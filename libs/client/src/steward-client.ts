import { AppError, ErrorKinds, errors, type ErrorKind } from '@steward/kernel';

/** Where to and as whom. */
export interface ClientOptions {
  /** The entry port, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Token or API key; sent as `authorization: Bearer`. */
  readonly credential?: string;
  /** Sent with every call, so that a script's calls are one chain of causes. A UUID. */
  readonly correlation?: string;
  /**
   * How long a call is tried again, in milliseconds, while the service says that it is unavailable or does not answer.
   * Only for calls that may be made twice: all but POST, and a POST that says `again: true`. Default 0.
   */
  readonly patienceMs?: number;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON, unless `type` says otherwise. */
  readonly body?: unknown;
  /** Content type of a body that is a text, bytes, or a stream of bytes (sent piece by piece, never held whole). */
  readonly type?: string;
  /** Milliseconds. Default 120,000. */
  readonly timeoutMs?: number;
  /** Whether the call may be made twice. Default: true for all but POST. */
  readonly again?: boolean;
}

/** Between two tries of a call that met a service being started again. */
const PAUSE_MS = 250;

const KIND_BY_STATUS: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'limit',
  422: 'invalid',
  429: 'limit',
  503: 'unavailable',
};

/**
 * Calls Steward's HTTP API through the entry port. A problem answer (RFC 9457) becomes an AppError with the service's own
 * code and sentence; a service that cannot be reached becomes `CLIENT.UNREACHABLE` (retriable).
 */
export class StewardClient {
  constructor(readonly options: ClientOptions) {}

  /** The same entry port, as somebody else. */
  as(credential: string | undefined): StewardClient {
    return new StewardClient({ ...this.options, credential });
  }

  get<T>(path: string, query?: CallOptions['query']): Promise<T> {
    return this.json<T>('GET', path, { query });
  }

  post<T>(path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    return this.json<T>('POST', path, { ...options, body });
  }

  put<T>(path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
    return this.json<T>('PUT', path, { ...options, body });
  }

  patch<T>(path: string, body?: unknown): Promise<T> {
    return this.json<T>('PATCH', path, { body });
  }

  delete(path: string, body?: unknown): Promise<void> {
    return this.json('DELETE', path, { body });
  }

  /** The raw bytes of a download. */
  async bytes(path: string, query?: CallOptions['query']): Promise<Buffer> {
    return Buffer.from(await (await this.call('GET', path, { query })).arrayBuffer());
  }

  /** A download piece by piece, for what may be too large to hold. */
  async *stream(path: string, query?: CallOptions['query']): AsyncGenerator<Uint8Array> {
    const { body } = await this.call('GET', path, { query, timeoutMs: 24 * 3_600_000 });
    if (body === null) return;
    try {
      for await (const chunk of body) yield chunk as Uint8Array;
    } catch (cause) {
      throw cut(this.options.url, cause);
    }
  }

  /** Asks whether a part of Steward is well: its answer whatever the status. Throws only if nothing answers. */
  async probe(path: string): Promise<{ ok: boolean; status: number; answer: unknown }> {
    const response = await this.send('GET', path, { timeoutMs: 10_000 });
    const text = await response.text();
    return { ok: response.ok, status: response.status, answer: parsed(text) };
  }

  /** Every item of a paged list, page by page. */
  async *all<T>(path: string, query: CallOptions['query'] = {}): AsyncGenerator<T> {
    let after: string | undefined;
    do {
      const page = await this.get<{ items: T[]; next: string | number | null }>(path, { ...query, after });
      yield* page.items;
      after = page.next === null ? undefined : String(page.next);
    } while (after !== undefined);
  }

  private async json<T>(method: string, path: string, options: CallOptions): Promise<T> {
    const response = await this.call(method, path, options);
    const text = await response.text().catch((cause: unknown) => {
      throw cut(this.options.url, cause);
    });
    if (text === '') return undefined as T;
    const answer = parsed(text);
    if (answer !== undefined) return answer as T;
    throw errors.internal(
      'CLIENT.ANSWER_UNREADABLE',
      `What answers at ${this.options.url} is not Steward: its answer is not JSON. Check the address.`,
    );
  }

  private async call(method: string, path: string, options: CallOptions): Promise<Response> {
    const { again = method !== 'POST' } = options;
    const deadline = Date.now() + (again ? (this.options.patienceMs ?? 0) : 0);
    for (;;) {
      try {
        const response = await this.send(method, path, options);
        if (!response.ok) throw await problem(response);
        return response;
      } catch (error) {
        if (!AppError.is(error) || !error.retriable || Date.now() >= deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  private async send(
    method: string,
    path: string,
    { query, body, type, timeoutMs = 120_000 }: CallOptions,
  ): Promise<Response> {
    const url = new URL(path, this.options.url);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.options.credential !== undefined) headers.authorization = `Bearer ${this.options.credential}`;
    if (this.options.correlation !== undefined) headers['x-correlation-id'] = this.options.correlation;
    if (body !== undefined) headers['content-type'] = type ?? 'application/json';
    // `duplex` is what fetch asks for where a body is a stream; the types of Node 20 do not know it.
    const request: RequestInit & { duplex: 'half' } = {
      method,
      headers,
      body: bodyOf(body, type),
      duplex: 'half',
      signal: AbortSignal.timeout(timeoutMs),
    };
    return fetch(url, request).catch((cause: unknown) => {
      throw errors.unavailable(
        'CLIENT.UNREACHABLE',
        `Steward does not answer at ${this.options.url}. Is it running? Start it with: npm start`,
        { cause },
      );
    });
  }
}

function bodyOf(body: unknown, type: string | undefined): RequestInit['body'] {
  if (body === undefined) return undefined;
  return type === undefined ? JSON.stringify(body) : (body as RequestInit['body']);
}

const cut = (url: string, cause: unknown): AppError =>
  errors.unavailable('CLIENT.ANSWER_CUT', `The answer of ${url} broke off. Try again.`, { cause });

/** Undefined if the text is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function problem(response: Response): Promise<AppError> {
  const text = await response.text();
  // What is no problem document comes from something before the service.
  const answer = (parsed(text) ?? {}) as Readonly<Record<string, unknown>>;
  const kind =
    ErrorKinds.find((each) => each === answer.kind) ?? KIND_BY_STATUS[response.status] ?? 'internal';
  return new AppError({
    kind,
    code: typeof answer.code === 'string' ? answer.code : `HTTP.${response.status}`,
    message:
      [answer.detail, answer.title, text.slice(0, 500)].find(isText) ?? `The answer was ${response.status}.`,
    details:
      typeof answer.details === 'object' && answer.details !== null
        ? (answer.details as Record<string, unknown>)
        : {},
  });
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
