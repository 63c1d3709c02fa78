import type { EventEnvelope, ServiceName } from '@steward/contracts';
import { Services } from '@steward/contracts';
import { errors } from '@steward/kernel';

/** CloudEvents 1.0 in Kafka's binary content mode: attributes in headers with `ce_` in front. */
export type EventHeaders = Record<string, string>;

/** Who sent it, and how many events that producer had sent before: lets a reader see what was sent again. */
export interface ProducerStamp {
  readonly producer: string;
  readonly sequence: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function toHeaders(envelope: EventEnvelope, contentType: string): EventHeaders {
  const headers: EventHeaders = {
    'content-type': contentType,
    ce_specversion: '1.0',
    ce_id: envelope.id,
    ce_type: envelope.type,
    ce_source: envelope.source,
    ce_time: envelope.time,
    ce_subject: envelope.subject,
    ce_stewardcorrelation: envelope.correlation,
    ce_stewardactor: envelope.actor,
  };
  if (envelope.project !== null) headers.ce_stewardproject = envelope.project;
  if (envelope.traceparent) {
    headers.traceparent = envelope.traceparent;
    headers.ce_traceparent = envelope.traceparent;
  }
  return headers;
}

const isService = (text: string): text is ServiceName => (Services as readonly string[]).includes(text);

/** Throws AppError `EVENT.UNDECODABLE` that names the attribute which is missing or wrong. */
export function toEnvelope(headers: Readonly<EventHeaders>): EventEnvelope {
  const required = (name: string): string => {
    const value = headers[name];
    if (value) return value;
    throw errors.invalid('EVENT.UNDECODABLE', `The event has no header ${name}.`);
  };
  if (required('ce_specversion') !== '1.0') {
    throw errors.invalid('EVENT.UNDECODABLE', 'The event is not of CloudEvents version 1.0.');
  }
  const source = required('ce_source');
  if (!isService(source)) throw errors.invalid('EVENT.UNDECODABLE', 'The header ce_source names no service.');
  const traceparent = headers.traceparent ?? headers.ce_traceparent;
  return {
    id: required('ce_id'),
    type: required('ce_type'),
    source,
    time: required('ce_time'),
    subject: required('ce_subject'),
    project: headers.ce_stewardproject ?? null,
    correlation: required('ce_stewardcorrelation'),
    actor: required('ce_stewardactor'),
    ...(traceparent ? { traceparent } : {}),
  };
}

/** Adds the stamp; the relay or the telemetry log calls it before the first sending. */
export function stamped(headers: Readonly<EventHeaders>, stamp: ProducerStamp): EventHeaders {
  return { ...headers, ce_stewardproducer: stamp.producer, ce_stewardsequence: String(stamp.sequence) };
}

/** The stamp of an event, or undefined where another program wrote it. */
export function stampOf(headers: Readonly<EventHeaders>): ProducerStamp | undefined {
  const { ce_stewardproducer: producer, ce_stewardsequence: sequence } = headers;
  if (!producer || !UUID.test(producer) || !sequence || !/^\d{1,16}$/.test(sequence)) return undefined;
  return { producer, sequence: Number(sequence) };
}
