import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { correlationOf } from '@steward/access';
import type { ServiceName } from '@steward/contracts';
import pino, { type Logger } from 'pino';
import type { Options as PinoHttpOptions } from 'pino-http';
import type { CommonConfig } from './service';

/** Places in a log line where a credential could stand. */
const SECRETS = [
  'password',
  'secret',
  'token',
  'authorization',
  'apiKey',
  'databaseUrl',
  '*.password',
  '*.secret',
  '*.token',
  '*.authorization',
  '*.apiKey',
  '*.databaseUrl',
  'headers["x-api-key"]',
  '*.headers["x-api-key"]',
];

/** The service's logger: JSON lines on standard output, with the ids of the active trace, secrets taken out. */
export function makeLogger(service: ServiceName, level: CommonConfig['logLevel']): Logger {
  const logger = pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRETS, censor: '[redacted]' },
    mixin: traceIds,
  });
  flushInPeace(logger);
  return logger;
}

/**
 * Where nobody reads the output any more, the last flush at the exit fails: that must not change how a service ends.
 * (sonic-boom, unpatched, would even try for ever: patches/.)
 */
function flushInPeace(logger: Logger): void {
  const stream = (logger as unknown as Record<symbol, { flushSync?: () => void }>)[pino.symbols.streamSym];
  const flush = stream?.flushSync?.bind(stream);
  if (!stream || !flush) return;
  stream.flushSync = () => {
    try {
      flush();
    } catch {
      // There is nobody to tell.
    }
  };
}

function traceIds(): Record<string, string> {
  const context = trace.getActiveSpan()?.spanContext();
  if (!context || !isSpanContextValid(context)) return {};
  return { trace_id: context.traceId, span_id: context.spanId };
}

/** What machines ask all the time. */
const QUIET = /^\/(health|metrics)(\/|$|\?)/;

type HttpRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { originalUrl?: string };

/** How requests are logged: method, path without query, status, time; headers and bodies never. */
export function requestLogging(logger: Logger): PinoHttpOptions<IncomingMessage & HttpRequest> {
  return {
    logger,
    genReqId: (request) => correlationOf(request),
    autoLogging: { ignore: (request) => QUIET.test(request.originalUrl ?? request.url ?? '') },
    // What failed inside was logged by the filter; pino-http would add an error of its own to every 5xx.
    customErrorObject: (_request, _response, _error, line: object) => ({ ...line, err: undefined }),
    customLogLevel: (_request, response, error) => levelOf(error ? 500 : response.statusCode),
    // No serializers of pino-http: they would log headers and query strings.
    wrapSerializers: false,
    serializers: {
      req: (request: HttpRequest) => loggedRequest(request),
      res: (response: ServerResponse) => loggedResponse(response),
    },
  };
}

/** The same line for a request that no middleware sees. */
export function logRequest(
  logger: Logger,
  request: HttpRequest,
  response: Pick<ServerResponse, 'statusCode' | 'writableEnded'>,
  milliseconds: number,
): void {
  const level = levelOf(response.statusCode);
  if (!logger.isLevelEnabled(level)) return;
  const outcome = level === 'error' ? 'errored' : response.writableEnded ? 'completed' : 'aborted';
  logger[level](
    {
      req: loggedRequest(request),
      res: loggedResponse(response),
      responseTime: Math.round(milliseconds),
    },
    `request ${outcome}`,
  );
}

function levelOf(status: number): 'error' | 'info' | 'debug' {
  if (status >= 500) return 'error';
  return status >= 400 ? 'info' : 'debug';
}

const loggedRequest = (request: HttpRequest): object => ({
  id: correlationOf(request),
  method: request.method,
  path: (request.originalUrl ?? request.url ?? '').split('?')[0],
});

const loggedResponse = ({ statusCode }: Pick<ServerResponse, 'statusCode'>): object => ({
  status: statusCode,
});
