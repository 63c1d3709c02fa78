import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { correlationOf } from '@steward/access';
import { AppError, errors, type ErrorKind } from '@steward/kernel';
import type { Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tooManyRequests } from './address-throttle';
import { answerEarly } from './early-answer';
import { HTTP_STATUS, internalError, PROBLEM_TITLE } from './error-tables';

/** Problem details as Steward sends them: RFC 9457 with `code`, `retriable`, `correlation` and `details`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly retriable: boolean;
  readonly correlation: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Every error of an HTTP request ends here: told to the caller as problem details, internals logged once. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    sendProblem(thrown, request, http.getResponse<Response>(), this.logger);
  }
}

/** Another form of a problem, where clients of a public protocol expect one. */
export interface ProblemForm {
  /** The content type, as it is sent. */
  readonly type: string;
  readonly body: (problem: Problem) => object;
}

const PROBLEM_DETAILS: ProblemForm = {
  type: 'application/problem+json; charset=utf-8',
  body: (problem) => problem,
};

/**
 * Answers a request with the problem details of what was thrown, whether or not its body has been read. Works outside of
 * Nest and Express too.
 */
export function sendProblem(
  thrown: unknown,
  request: IncomingMessage & { readonly originalUrl?: string },
  response: ServerResponse,
  logger: Logger,
  form: ProblemForm = PROBLEM_DETAILS,
): void {
  const { status, headers, retryAfter, body } = problemAnswer(thrown, request, logger, form);
  if (response.headersSent) {
    // Too late for an answer: cutting the connection tells the caller that the body is not whole.
    response.destroy();
    return;
  }
  for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at]!, headers[at + 1]!);
  if (retryAfter !== null && !response.hasHeader('retry-after'))
    response.setHeader('retry-after', retryAfter);
  response.statusCode = status;
  response.setHeader('content-length', body.byteLength);
  answerEarly(request, response, body);
}

/** What was thrown, as an answer. */
export interface ProblemAnswer {
  readonly status: number;
  /** Names and values in turn; the content's length is not among them. */
  readonly headers: readonly string[];
  /** Seconds, for `retry-after` where nobody has said it yet; null: that is no advice. */
  readonly retryAfter: string | null;
  readonly body: Buffer;
}

/** The problem details of what was thrown. Internals are logged, once, here. */
export function problemAnswer(
  thrown: unknown,
  request: Pick<IncomingMessage, 'url' | 'headers'> & { readonly originalUrl?: string },
  logger: Logger,
  form: ProblemForm,
): ProblemAnswer {
  const { error, status } = understood(thrown);
  const correlation = correlationOf(request);
  if (error.kind === 'internal') {
    logger.error({ err: error.cause ?? error, code: error.code, correlation }, 'A request failed.');
  }
  const problem: Problem = {
    type: `urn:steward:error:${error.code}`,
    title: PROBLEM_TITLE[error.kind],
    status,
    detail: error.message,
    instance: (request.originalUrl ?? request.url ?? '').split('?')[0] || '/',
    code: error.code,
    retriable: error.retriable,
    correlation,
    details: error.details,
  };
  const challenge = status === 401 ? ['www-authenticate', 'Bearer realm="steward"'] : [];
  return {
    status,
    // Without Express, which adds a charset: KServe's client knows 'application/json' alone.
    headers: [...challenge, 'content-type', form.type],
    retryAfter: secondsUntilRetry(error),
    body: Buffer.from(JSON.stringify(form.body(problem))),
  };
}

/** Whole seconds after which the same request may be tried again; null: that is no advice. */
function secondsUntilRetry({ retriable, details }: AppError): string | null {
  const { retryAfterMs } = details;
  if (typeof retryAfterMs === 'number') return String(Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  return retriable ? '1' : null;
}

function understood(thrown: unknown): { error: AppError; status: number } {
  if (AppError.is(thrown)) return { error: thrown, status: HTTP_STATUS[thrown.kind] };
  const status = statusOf(thrown);
  if (status === undefined || status >= 500) return { error: internalError(thrown), status: 500 };
  return { error: fromHttp(thrown, status), status };
}

/** The status of a NestJS exception or of an error of Express' body parsers; undefined for anything else. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined;
  const { status, expose } = thrown as Error & { status: unknown; expose?: unknown };
  return expose === true && typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'limit',
  429: 'limit',
};

/** Errors of Express and NestJS themselves: of the text only what says nothing of our insides is passed on. */
function fromHttp(thrown: unknown, status: number): AppError {
  const kind = KIND_OF_STATUS[status] ?? 'invalid';
  const make = { invalid: errors.invalid, limit: errors.limit, not_found: errors.notFound } as const;
  if (status === 404) return errors.notFound('HTTP.ROUTE_NOT_FOUND', 'There is no such route. See /docs.');
  if (status === 413) return errors.limit('HTTP.BODY_TOO_LARGE', 'The body is larger than this route takes.');
  if (status === 415)
    return errors.invalid('HTTP.ENCODING_UNKNOWN', 'The encoding of the body is not known.');
  if (status === 429) return tooManyRequests();
  const message = thrown instanceof Error ? thrown.message : 'The request is not valid.';
  const factory = kind in make ? make[kind as keyof typeof make] : errors.invalid;
  return factory('HTTP.REQUEST_INVALID', message);
}
