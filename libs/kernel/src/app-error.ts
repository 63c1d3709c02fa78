/** What kind of fault an error is. Every border (HTTP, gRPC, consumer) maps each kind by an exhaustive table. */
export const ErrorKinds = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'limit',
  'unavailable',
  'internal',
] as const;
export type ErrorKind = (typeof ErrorKinds)[number];

/** Facts that help the reader of an error: names, values, limits. Never secrets, never personal data. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface AppErrorOptions {
  /** Stable and public, `AREA.WHAT_IS_WRONG`; survives process borders, where `instanceof` does not. */
  readonly code: string;
  readonly kind: ErrorKind;
  /** A sentence for people: what is wrong and what to do. */
  readonly message: string;
  /** Whether the same call may succeed later unchanged. Default: true only for kind `unavailable`. */
  readonly retriable?: boolean;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

const BRAND = Symbol.for('steward.AppError');

/** The one error type that Steward throws on purpose. Anything else that reaches a border is `internal`. */
export class AppError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly retriable: boolean;
  readonly details: ErrorDetails;
  readonly [BRAND] = true;

  constructor(options: AppErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = options.code;
    this.kind = options.kind;
    this.retriable = options.retriable ?? options.kind === 'unavailable';
    this.details = options.details ?? {};
  }

  /** Works across duplicate copies of this library and across Jest realms, where `instanceof` fails. */
  static is(error: unknown): error is AppError {
    return typeof error === 'object' && error !== null && BRAND in error;
  }
}

type Rest = Omit<AppErrorOptions, 'code' | 'kind' | 'message'>;
const of =
  (kind: ErrorKind) =>
  (code: string, message: string, rest: Rest = {}): AppError =>
    new AppError({ ...rest, code, kind, message });

/** Shorthands by kind: `throw errors.notFound('TRAINING.RUN_NOT_FOUND', 'There is no run 7.')`. */
export const errors = {
  invalid: of('invalid'),
  unauthenticated: of('unauthenticated'),
  forbidden: of('forbidden'),
  notFound: of('not_found'),
  conflict: of('conflict'),
  limit: of('limit'),
  unavailable: of('unavailable'),
  internal: of('internal'),
} as const;

/** True if the error says that the same call may succeed later (database or broker away, time-outs). */
export function isRetriable(error: unknown): boolean {
  if (AppError.is(error)) return error.retriable;
  return typeof error === 'object' && error !== null && (error as { retriable?: unknown }).retriable === true;
}
