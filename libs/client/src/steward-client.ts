import { AppError, ErrorKinds, errors, type ErrorKind } from '@steward/kernel';

/** Where to and as whom. */
export interface ClientOptions {
  /** The entry port, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Token or API key; sent as `authorization: Bearer`. */
  readonly credential?: string;
  /** Sent with every call, so that a script's calls are one chain of causes. A UUID. */
  readonly correlation?: string;
}

export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON, unless `type` says otherwise. */
  readonly body?: unknown;
  /** Content type of a body that is a text or bytes. */
  readonly type?: string;
  /** Milliseconds. Default 120,000. */
  readonly timeoutMs?: number;
}

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

  delete(path: string): Promise<void> {
    return this.json('DELETE', path, {});
  }

  /** The raw bytes of a download. */
  async bytes(path: string, query?: CallOptions['query']): Promise<Buffer> {
    return Buffer.from(await (await this.call('GET', path, { query })).arrayBuffer());
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
    const text = await (await this.call(method, path, options)).text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  private async call(
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
    const response = await fetch(url, {
      method,
      headers,
      body:
        body === undefined
          ? undefined
          : type === undefined
            ? JSON.stringify(body)
            : (body as string | Uint8Array<ArrayBuffer>),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw errors.unavailable(
        'CLIENT.UNREACHABLE',
        `Steward does not answer at ${this.options.url}. Is it running? Start it with: npm start`,
        { cause },
      );
    });
    if (!response.ok) throw await problem(response);
    return response;
  }
}

async function problem(response: Response): Promise<AppError> {
  const text = await response.text();
  let answer: { code?: unknown; detail?: unknown; title?: unknown; kind?: unknown; details?: unknown } = {};
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    // Not a problem document: something before the service answered.
  }
  const kind =
    ErrorKinds.find((each) => each === answer.kind) ?? KIND_BY_STATUS[response.status] ?? 'internal';
  return new AppError({
    kind,
    code: typeof answer.code === 'string' ? answer.code : `HTTP.${response.status}`,
    message: String(
      answer.detail ?? answer.title ?? (text.slice(0, 500) || `The answer was ${response.status}.`),
    ),
    details:
      typeof answer.details === 'object' && answer.details !== null
        ? (answer.details as Record<string, unknown>)
        : {},
  });
}
