import { randomUUID } from 'node:crypto';
import type { EventEnvelope, ProtobufEventDefinition, ServiceName } from '@steward/contracts';
import { newId, type Clock } from '@steward/kernel';
import { encodeEvent } from '../event-codec';
import { stamped } from '../event-headers';
import { SealedTelemetry, type SealedEvent, type TelemetryEvent } from '../outbox';
import { currentTrace } from './pg-outbox';

/** Seals under an id of its own, so that its sequences are independent of what the process appends at once. */
export class StampingSealedTelemetry extends SealedTelemetry {
  private readonly producer = randomUUID();
  private sequence = 0;

  constructor(
    private readonly service: ServiceName,
    private readonly clock: Clock,
  ) {
    super();
  }

  seal<Message>(
    definition: ProtobufEventDefinition<string, Message>,
    event: TelemetryEvent<Message>,
  ): SealedEvent {
    const { payload, id, ...rest } = event;
    const envelope: EventEnvelope = {
      ...rest,
      id: id ?? newId(this.clock.now()),
      type: definition.type,
      source: this.service,
      time: this.clock.iso(),
      ...currentTrace(),
    };
    const record = encodeEvent(definition as ProtobufEventDefinition, envelope, payload);
    const headers = stamped(record.headers, { producer: this.producer, sequence: ++this.sequence });
    return { ...record, headers };
  }
}
