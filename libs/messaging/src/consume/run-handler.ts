import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { isContention, type UnitOfWork } from '@steward/database';
import { errors, isRetriable } from '@steward/kernel';
import type { HandlerResult, IncomingEvent } from '../consumer';
import type { DecodedEvent } from '../event-codec';
import type { LogRecord } from '../log-record';
import type { NamedHandler } from './handlers';
import { nested } from './nested-unit';

/** Calls one handler inside a span that continues the trace of the event's producer. */
export function runHandler(
  handler: NamedHandler,
  record: LogRecord,
  event: DecodedEvent,
  unit: UnitOfWork,
): Promise<HandlerResult> {
  const { topic, partition, offset } = record;
  const incoming: IncomingEvent<never> = {
    ...event.envelope,
    payload: event.payload as never,
    topic,
    partition,
    offset,
  };
  const parent = propagation.extract(ROOT_CONTEXT, record.headers);
  const attributes = {
    'messaging.operation.type': 'process',
    'messaging.destination.name': topic,
    'messaging.message.id': event.envelope.id,
    'messaging.consumer.group.name': handler.name,
  };
  const span = trace
    .getTracer('steward-messaging')
    .startSpan(`process ${event.envelope.type}`, { kind: SpanKind.CONSUMER, attributes }, parent);
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await handler.consumer.handle(incoming, unit);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A handler that did not take an event. */
export interface FailedHandler {
  readonly name: string;
  readonly error: unknown;
  /** True: it asked for the dead letters itself; trying again would not help. */
  readonly asked: boolean;
}

/** What became of one event at its handlers. */
export interface OneOutcome {
  readonly failed: readonly FailedHandler[];
  /** A handler wants the event again after this long; then nothing of what the others did is kept either. */
  readonly retryMs?: number;
}

/** Calls each handler under a savepoint, so that one that fails does not undo the others. Throws what is retriable. */
export async function handleOne(
  handlers: readonly NamedHandler[],
  record: LogRecord,
  event: DecodedEvent,
  unit: UnitOfWork,
): Promise<OneOutcome> {
  const failed: FailedHandler[] = [];
  for (const handler of handlers) {
    try {
      const result = await nested(
        unit,
        (inner) => runHandler(handler, record, event, inner),
        ({ kind }) => kind === 'ok' || kind === 'drop',
      );
      if (result.kind === 'retry') return { failed, retryMs: result.afterMs };
      if (result.kind === 'dead-letter') {
        failed.push({
          name: handler.name,
          error: errors.invalid('EVENT.REFUSED', result.reason),
          asked: true,
        });
      }
    } catch (error) {
      if (isRetriable(error) || isContention(error)) throw error;
      failed.push({ name: handler.name, error, asked: false });
    }
  }
  return { failed };
}
