import { randomUUID } from 'node:crypto';
import type { ProtobufEventDefinition, ServiceName } from '@steward/contracts';
import { newId, type Clock } from '@steward/kernel';
import { CONTENT_TYPES, requireSmall, requireWritable } from '../event-codec';
import { SealedTelemetry, type SealedEvent, type TelemetryEvent } from '../outbox';
import { partitionOf } from '../partition-of';
import { currentTrace } from './pg-outbox';
import { SealedRecord, type HeaderParts } from './sealed-record';

/** Seals under an id of its own, so that its sequences are independent of what the process appends at once. */
export class StampingSealedTelemetry extends SealedTelemetry {
  private readonly producer = randomUUID();
  private readonly parts = new Map<ProtobufEventDefinition, HeaderParts>();
  private sequence = 0;
  private lastNow = Number.NaN;
  private lastTime = '';

  constructor(
    private readonly service: ServiceName,
    private readonly clock: Clock,
  ) {
    super();
  }

  seal<Message>(
    definition: ProtobufEventDefinition<string, Message>,
    { payload, ...event }: TelemetryEvent<Message>,
  ): SealedEvent {
    const value = Buffer.from(definition.codec.encode(payload).finish());
    return this.sealEncoded(definition, event, value);
  }

  /** Called for each answered prediction: what it makes is written once, nothing is copied. */
  sealEncoded(
    definition: ProtobufEventDefinition,
    { id, subject, project, correlation, actor }: Omit<TelemetryEvent<never>, 'payload'>,
    value: Buffer,
  ): SealedEvent {
    const { topic, type } = definition;
    const source = this.service;
    const parts = this.partsOf(definition);
    if (subject === '') requireWritable(definition, { source, subject });
    requireSmall(definition, value);
    const now = this.clock.now();
    const time = this.timeOf(now);
    const { traceparent } = currentTrace();
    const trace = traceparent === undefined ? null : { traceparent };
    return new SealedRecord(
      topic.name,
      partitionOf(subject, topic.partitions),
      value,
      { id: id ?? newId(now), type, source, time, subject, project, correlation, actor, ...trace },
      parts,
      ++this.sequence,
    );
  }

  private partsOf(definition: ProtobufEventDefinition): HeaderParts {
    let parts = this.parts.get(definition);
    if (!parts) {
      const { producer, service } = this;
      requireWritable(definition, { source: service, subject: producer });
      const contentType = CONTENT_TYPES.protobuf;
      const start = {
        'content-type': contentType,
        ce_specversion: '1.0',
        ce_type: definition.type,
        ce_source: service,
        ce_stewardproducer: producer,
      };
      parts = { contentType, producer, jsonStart: JSON.stringify(start).slice(0, -1) };
      this.parts.set(definition, parts);
    }
    return parts;
  }

  private timeOf(now: number): string {
    if (now !== this.lastNow) {
      this.lastNow = now;
      this.lastTime = new Date(now).toISOString();
    }
    return this.lastTime;
  }
}
