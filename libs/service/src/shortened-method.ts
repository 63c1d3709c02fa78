import {
  status,
  type handleUnaryCall,
  type MethodDefinition,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import type { EntryDecision } from '@steward/access';
import { register } from 'prom-client';
import { rpcError } from './rpc-errors';
import { rpcCorrelation } from './rpc-guard';
import type { RpcHost } from './rpc-handlers';
import { rpcDurations } from './request-metrics';
import { deadlineOf, inCallersTrace, type RpcShortcut } from './rpc-shortcut';

type AnyMethod = MethodDefinition<unknown, unknown>;
type BytesCall = ServerUnaryCall<Buffer, unknown>;

/** The method with a shortcut in front: its messages stay bytes until the shortcut has looked at them. */
export function shortened(
  host: RpcHost,
  shortcut: RpcShortcut,
  definition: AnyMethod,
  handler: UntypedHandleCall,
  decision: EntryDecision | null,
): { definition: AnyMethod; handler: UntypedHandleCall } {
  const general = handler as handleUnaryCall<unknown, unknown>;
  const durations = rpcDurations(register);
  const observe = (started: number, code: status): void =>
    durations.cell(definition.path, status[code]).observe((performance.now() - started) / 1e3);

  const handle = (call: BytesCall, respond: sendUnaryData<unknown>): void => {
    const started = performance.now();
    const fail = (thrown: unknown): void => {
      const error = rpcError(thrown, rpcCorrelation(call.metadata), host.logger);
      observe(started, error.code ?? status.UNKNOWN);
      respond(error);
    };
    try {
      const answering = inCallersTrace(call.metadata, () =>
        shortcut.answer({
          request: call.request,
          metadata: call.metadata,
          peer: () => call.getPeer(),
          decision,
          deadline: () => deadlineOf(call.getDeadline()),
        }),
      );
      if (answering === null) return passOn(definition, general, call, respond);
      answering.then((answer) => {
        observe(started, status.OK);
        respond(null, answer);
      }, fail);
    } catch (thrown) {
      fail(thrown);
    }
  };
  return {
    definition: {
      ...definition,
      requestDeserialize: (bytes: Buffer) => bytes,
      responseSerialize: (answer: unknown) =>
        Buffer.isBuffer(answer) ? answer : definition.responseSerialize(answer),
    },
    handler: handle as UntypedHandleCall,
  };
}

/** The call as the method's own handler would have got it. */
function passOn(
  definition: AnyMethod,
  general: handleUnaryCall<unknown, unknown>,
  call: BytesCall,
  respond: sendUnaryData<unknown>,
): void {
  const decoded = definition.requestDeserialize(call.request);
  (call as ServerUnaryCall<unknown, unknown>).request = decoded;
  inCallersTrace(call.metadata, () => general(call as ServerUnaryCall<unknown, unknown>, respond));
}
