import { status } from '@grpc/grpc-js';
import { errors, type AppError, type ErrorKind } from '@steward/kernel';

/** HTTP status of each kind of error (RFC 9110). */
export const HTTP_STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  limit: 429,
  unavailable: 503,
  internal: 500,
};

/** The title of a problem, one per kind: the same for every occurrence (RFC 9457 §3.1.3). */
export const PROBLEM_TITLE: Readonly<Record<ErrorKind, string>> = {
  invalid: 'The request is not valid',
  unauthenticated: 'The caller is not known',
  forbidden: 'The caller may not do this',
  not_found: 'There is no such thing',
  conflict: 'The request contradicts the current state',
  limit: 'A limit was reached',
  unavailable: 'Not available at the moment',
  internal: 'The service failed',
};

/** gRPC status of each kind of error. */
export const GRPC_STATUS: Readonly<Record<ErrorKind, status>> = {
  invalid: status.INVALID_ARGUMENT,
  unauthenticated: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  conflict: status.FAILED_PRECONDITION,
  limit: status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
  internal: status.INTERNAL,
};

/** What callers are told of an error that nobody foresaw: nothing, but how to find it in the log. */
export function internalError(cause: unknown): AppError {
  return errors.internal(
    'SERVICE.INTERNAL',
    'The service failed at this request. The operator finds the cause in its log by the correlation id.',
    { cause },
  );
}
