/** What a service answers instead of what was asked for (RFC 9457 problem details), as an error with a sentence. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** The service's own code, such as `GOVERNANCE.APPROVAL_NOT_FOUND`. */
    readonly code: string,
    sentence: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(sentence);
  }

  /** Nobody is logged in any more. A wrong password or code, asked for before a change, ends no session. */
  get endsSession(): boolean {
    return this.status === 401 && !this.code.startsWith('GOVERNANCE.');
  }
}

const SENTENCE_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'You are not logged in.',
  403: 'You may not do this.',
  404: 'There is nothing here, or you may not see it.',
  409: 'This cannot be done as things stand now. Load the page again.',
  413: 'This is too large.',
  429: 'Too many requests. Wait a moment and try again.',
  503: 'The service does not answer right now. Try again in a moment.',
};

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** Reads an answer that is not OK; what is no problem document gets a sentence by its status. */
export function problemOf(status: number, body: string): Problem {
  let answer: Readonly<Record<string, unknown>> = {};
  try {
    answer = record(JSON.parse(body));
  } catch {
    // A proxy's page, or nothing: the status alone counts.
  }
  const { code, detail, details } = answer;
  return new Problem(
    status,
    typeof code === 'string' ? code : `HTTP.${status}`,
    typeof detail === 'string' && detail !== ''
      ? detail
      : (SENTENCE_BY_STATUS[status] ?? `The service answered with status ${status}.`),
    record(details),
  );
}

/** Nothing answered at all. */
export const unreachable = (): Problem =>
  new Problem(0, 'CONSOLE.UNREACHABLE', 'Steward does not answer. Is it running, and is the network up?');

/** Any error as a sentence for people. */
export const sentenceOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong that has no name.';
