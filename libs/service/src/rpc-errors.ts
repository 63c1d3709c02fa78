import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import type { Logger } from '@nestjs/common';
import { AppError } from '@steward/kernel';
import { GRPC_STATUS, internalError } from './error-tables';

/** gRPC metadata is a header: details beyond this many characters stay behind, and messages are cut. */
const LONGEST_DETAILS = 2_000;

/**
 * What was thrown, as a gRPC error: status by kind, the message as details, and in the trailing metadata `steward-code`,
 * `steward-retriable`, `steward-correlation` and `steward-details` (JSON, ASCII). Internals are logged once, here.
 */
export function rpcError(thrown: unknown, correlation: string, logger: Logger): Partial<ServiceError> {
  const error = AppError.is(thrown) ? thrown : internalError(thrown);
  if (error.kind === 'internal') {
    logger.error({ err: error.cause ?? error, code: error.code, correlation }, 'A gRPC call failed.');
  }
  const metadata = new Metadata();
  metadata.set('steward-code', error.code);
  metadata.set('steward-retriable', String(error.retriable));
  metadata.set('steward-correlation', correlation);
  // gRPC's own advice (A6, retry design): clients with a retry policy wait so long, or do not try again (-1).
  const { retryAfterMs } = error.details;
  if (typeof retryAfterMs === 'number')
    metadata.set('grpc-retry-pushback-ms', error.retriable ? String(retryAfterMs) : '-1');
  const details = ascii(JSON.stringify(error.details));
  if (details.length <= LONGEST_DETAILS) metadata.set('steward-details', details);
  // Half a character, where the message was cut, cannot be percent-encoded.
  const message = error.message.slice(0, LONGEST_DETAILS).replace(/[\ud800-\udbff]$/, '');
  return { code: GRPC_STATUS[error.kind], details: message, metadata };
}

/** The error of a call whose time is over. */
export function deadlineExceeded(): Partial<ServiceError> {
  return { code: status.DEADLINE_EXCEEDED, details: 'The call took longer than it may.' };
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
