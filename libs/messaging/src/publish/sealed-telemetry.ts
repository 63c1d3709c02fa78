import { randomUUID } from 'node:crypto';
import type { EventEnvelope, ProtobufEventDefinition, ServiceName } from '@steward/contracts';
import { newId, type Clock } from '@steward/kernel';
import { encodeEvent } from '../event-codec';
import { stampInPlace } from '../event-headers';
import { SealedTelemetry, type SealedEvent, type TelemetryEvent } from '../outbox';
import { currentTrace } from './pg-outbox';

/** Seals under an id of its own, so that its sequences are independent of what the process appends at once. */
export class StampingSealedTelemetry extends SealedTelemetry {
  private readonly producer = randomUUID();
  private sequence = 0;
  private lastNow = Number.NaN;
  private lastTime = '';

  constructor(
    private readonly service: ServiceName,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Called for each answered prediction: what it makes is written once, nothing is copied. */
  seal<Message>(
    definition: ProtobufEventDefinition<string, Message>,
    event: TelemetryEvent<Message>,
  ): SealedEvent {
    const now = this.clock.now();
    const { traceparent } = currentTrace();
    const envelope: EventEnvelope = {
      id: event.id ?? newId(now),
      type: definition.type,
      source: this.service,
      time: this.timeOf(now),
      subject: event.subject,
      project: event.project,
      correlation: event.correlation,
      actor: event.actor,
      ...(traceparent === undefined ? null : { traceparent }),
    };
    const record = encodeEvent(definition as ProtobufEventDefinition, envelope, event.payload);
    stampInPlace(record.headers, this.producer, ++this.sequence);
    return record;
  }

  private timeOf(now: number): string {
    if (now !== this.lastNow) {
      this.lastNow = now;
      this.lastTime = new Date(now).toISOString();
    }
    return this.lastTime;
  }
}
