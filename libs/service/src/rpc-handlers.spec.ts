import { EventEmitter } from 'node:events';
import { Metadata, status, type MethodDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { Logger } from '@nestjs/common';
import { PublicEndpoint } from '@steward/access';
import { errors } from '@steward/kernel';
import { Registry } from 'prom-client';
import { rpcDurations } from './request-metrics';
import type { RpcCall } from './rpc-call';
import { rpcError } from './rpc-errors';
import type { RpcGuard } from './rpc-guard';
import { rpcHandler, type RpcHost } from './rpc-handlers';
import { RpcService } from './service';

class Slow extends RpcService {
  readonly definition = {} as ServiceDefinition;
  signal: AbortSignal | undefined;

  @PublicEndpoint('A test.')
  wait(_request: unknown, call: RpcCall): Promise<never> {
    this.signal = call.signal;
    return new Promise(() => undefined);
  }
}

const host: RpcHost = {
  guard: { admit: () => Promise.resolve({}) } as unknown as RpcGuard,
  logger: new Logger('test'),
  durations: rpcDurations(new Registry()),
  timeoutMs: 1_000,
};
const definition = { path: '/s/Wait', requestStream: false, responseStream: false } as MethodDefinition<
  unknown,
  unknown
>;

class Call extends EventEmitter {
  readonly metadata = new Metadata();
  readonly request = {};
  getPeer = (): string => '127.0.0.1:1';
  getDeadline = (): number => Infinity;
}

describe('rpcHandler', () => {
  const service = new Slow();
  const start = (respond: (error: { code: number } | null) => void): Call => {
    const call = new Call();
    (rpcHandler(host, service, 'wait', definition) as (call: Call, respond: unknown) => void)(call, respond);
    return call;
  };

  afterEach(() => jest.useRealTimers());

  it('ends a call whose time is over and tells the method to stop', async () => {
    jest.useFakeTimers();
    const answered = new Promise<{ code: number } | null>((resolve) => start(resolve));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await answered).toMatchObject({ code: status.DEADLINE_EXCEEDED });
    expect(service.signal?.aborted).toBe(true);
  });

  it('tells the method when the caller hangs up', async () => {
    jest.useFakeTimers();
    const call = start(() => undefined);
    await jest.advanceTimersByTimeAsync(0);
    expect(service.signal?.aborted).toBe(false);
    call.emit('cancelled');
    expect(service.signal?.aborted).toBe(true);
  });

  it('refuses a service without the method that its definition names', () => {
    expect(() => rpcHandler(host, service, 'missing', definition)).toThrow('Slow has no method missing');
  });
});

describe('rpcError', () => {
  it('carries code, retriability and details as ASCII metadata', () => {
    const error = errors.conflict('A.B', 'No.', { details: { name: 'Zoë' } });
    const { code, details, metadata } = rpcError(error, 'c-1', host.logger);
    expect([code, details]).toEqual([status.FAILED_PRECONDITION, 'No.']);
    expect(metadata?.getMap()).toEqual({
      'steward-code': 'A.B',
      'steward-retriable': 'false',
      'steward-correlation': 'c-1',
      'steward-details': '{"name":"Zo\\u00eb"}',
    });
    expect(JSON.parse(metadata?.getMap()['steward-details'] as string)).toEqual({ name: 'Zoë' });
  });
});
