import {
  status,
  type handleUnaryCall,
  type MethodDefinition,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import type { Logger } from '@nestjs/common';
import { entryDecision } from '@steward/access';
import { errors } from '@steward/kernel';
import type { RpcCall } from './rpc-call';
import { deadlineExceeded, rpcError } from './rpc-errors';
import { rpcCorrelation, type RpcGuard } from './rpc-guard';
import { deadlineOf } from './rpc-shortcut';
import type { RpcService } from './service';
import type { TallyHistogram } from './tally-metrics';
import { UndecodableMessage } from './undecodable-message';

/** What handlers share. */
export interface RpcHost {
  readonly guard: RpcGuard;
  readonly logger: Logger;
  readonly durations: TallyHistogram<'method' | 'status'>;
  /** Milliseconds after which a unary call is ended if the caller set no earlier deadline. */
  readonly timeoutMs: number;
}

type Method = (request: unknown, call: RpcCall) => unknown;
type AnyMethod = MethodDefinition<unknown, unknown>;
type AnyCall =
  | ServerUnaryCall<unknown, unknown>
  | ServerReadableStream<unknown, unknown>
  | ServerWritableStream<unknown, unknown>
  | ServerDuplexStream<unknown, unknown>;

/** The method of a service that answers an RPC: the same name as in the generated definition. */
export function methodOf(service: RpcService, name: string): Method {
  const method = (service as unknown as Record<string, unknown>)[name];
  if (typeof method !== 'function') {
    throw new TypeError(`${service.constructor.name} has no method ${name}, which its definition names.`);
  }
  return method as Method;
}

/** Makes the grpc-js handler of one RPC: guard, the method, errors by kind, duration, deadline. */
export function rpcHandler(
  host: RpcHost,
  service: RpcService,
  name: string,
  definition: AnyMethod,
): UntypedHandleCall {
  const method = methodOf(service, name);
  const run = (call: AnyCall, request: unknown) =>
    admitAndRun(host, service, method, definition, call, request);
  const handler = definition.responseStream ? streaming(host, definition, run) : unary(host, definition, run);
  return handler as UntypedHandleCall;
}

interface Running {
  readonly correlation: string;
  readonly result: Promise<unknown>;
  /** Tells the method that nobody waits for its answer any more. */
  readonly abort: () => void;
}
type Run = (call: AnyCall, request: unknown) => Running;

function admitAndRun(
  host: RpcHost,
  service: RpcService,
  method: Method,
  definition: AnyMethod,
  call: AnyCall,
  request: unknown,
): Running {
  const correlation = rpcCorrelation(call.metadata);
  const abort = new AbortController();
  (call as NodeJS.EventEmitter).once('cancelled', () => abort.abort());
  const work = async (): Promise<unknown> => {
    if (request instanceof UndecodableMessage) throw request.error;
    const caller = await host.guard.admit({
      path: definition.path,
      decision: entryDecision(method, service.constructor),
      metadata: call.metadata,
      peer: call.getPeer(),
      request: definition.requestStream ? undefined : request,
      correlation,
    });
    return method.call(service, request, {
      caller,
      metadata: call.metadata,
      signal: abort.signal,
      deadline: deadlineOf(call.getDeadline()),
    });
  };
  return { correlation, result: work(), abort: () => abort.abort() };
}

function stopwatch({ durations }: RpcHost, { path }: AnyMethod): (status: string) => void {
  const started = performance.now();
  return (code) => durations.cell(path, code).observe((performance.now() - started) / 1e3);
}

function unary(host: RpcHost, definition: AnyMethod, run: Run): handleUnaryCall<unknown, unknown> {
  return (call, respond) => {
    const stop = stopwatch(host, definition);
    let answered = false;
    const answer = (error: Partial<ServiceError> | null, response?: unknown): void => {
      if (answered) return;
      answered = true;
      clearTimeout(timer);
      stop(status[error?.code ?? status.OK]);
      respond(error, response);
    };
    const { correlation, result, abort } = run(call, definition.requestStream ? call : call.request);
    const timer = setTimeout(() => {
      abort();
      answer(deadlineExceeded());
    }, host.timeoutMs);
    result.then(
      (response) => answer(null, response),
      (thrown: unknown) => answer(failure(host, call, thrown, correlation)),
    );
  };
}

function streaming(
  host: RpcHost,
  definition: AnyMethod,
  run: Run,
): (call: ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>) => void {
  return (call) => {
    const stop = stopwatch(host, definition);
    const { correlation, result } = run(call, 'request' in call ? call.request : call);
    const finish = async (): Promise<void> => {
      try {
        await writeAll(call, await result);
        stop(status[status.OK]);
        call.end();
      } catch (thrown) {
        const error = failure(host, call, thrown, correlation);
        stop(status[error.code ?? status.UNKNOWN]);
        call.emit('error', Object.assign(new Error(error.details), error));
      }
    };
    void finish();
  };
}

/** What became of a call that failed. Requests that end because their caller left are no fault, and nobody is told of them. */
function failure(
  { logger }: RpcHost,
  call: AnyCall,
  thrown: unknown,
  correlation: string,
): Partial<ServiceError> {
  const left = call.cancelled && (thrown as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
  return left
    ? { code: status.CANCELLED, details: 'The caller left.' }
    : rpcError(thrown, correlation, logger);
}

/** Writes what an async iterable yields, no faster than the caller reads, until the caller hangs up. */
async function writeAll(
  call: ServerWritableStream<unknown, unknown> | ServerDuplexStream<unknown, unknown>,
  items: unknown,
): Promise<void> {
  if (!isIterable(items))
    throw errors.internal('RPC.NOT_ITERABLE', 'A streaming method returned no iterable.');
  for await (const item of items) {
    if (call.cancelled) return;
    if (!call.write(item)) await drained(call);
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return (
    typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

function drained(call: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of ['drain', 'cancelled', 'close', 'error']) call.removeListener(name, done);
      resolve();
    };
    for (const name of ['drain', 'cancelled', 'close', 'error']) call.once(name, done);
  });
}
