import {
  OutcomeRecorded,
  PredictionLogged,
  type EventEnvelope,
  type PredictionLoggedMessage,
} from '@steward/contracts';
import { errors, FixedClock, newId } from '@steward/kernel';
import { TelemetryLog, type SealedEvent, type SealedTelemetry } from '@steward/messaging';

/** A log in memory that can be away, and that sees what was sent again by its stamp, as readers do. For tests. */
export class FakeTelemetry extends TelemetryLog {
  away = false;
  /** Fails after the events were written: the sender cannot know. */
  losesAnswers = false;
  readonly batches: number[] = [];
  readonly written: string[] = [];
  private readonly highest = new Map<string, number>();
  private producers = 0;

  append(): Promise<EventEnvelope> {
    if (this.away) return Promise.reject(errors.unavailable('EVENT.BUS_UNAVAILABLE', 'The bus is away.'));
    this.written.push('appended');
    return Promise.resolve({} as EventEnvelope);
  }

  sealed(): SealedTelemetry {
    const producer = `producer-${this.producers++}-${newId()}`;
    let sequence = 0;
    const sealEncoded: SealedTelemetry['sealEncoded'] = (definition, event, value) => ({
      topic: definition.topic.name,
      partition: 0,
      key: event.subject,
      headers: { producer, sequence: String(++sequence), ce_id: event.id ?? newId() },
      value: Buffer.from(value),
      valueBytes: value.byteLength,
    });
    return {
      sealEncoded,
      seal: (definition, event) =>
        sealEncoded(definition, event, definition.codec.encode(event.payload).finish()),
    };
  }

  send(events: readonly SealedEvent[]): Promise<void> {
    const fault = errors.unavailable('EVENT.BUS_UNAVAILABLE', 'The bus is away.');
    if (this.away) return Promise.reject(fault);
    this.batches.push(events.length);
    for (const { key, headers } of events) {
      const { producer, sequence } = headers as { producer: string; sequence: string };
      if (Number(sequence) <= (this.highest.get(producer) ?? 0)) continue;
      this.highest.set(producer, Number(sequence));
      this.written.push(key);
    }
    return this.losesAnswers ? Promise.reject(fault) : Promise.resolve();
  }
}

/** A sealed event with that key; `bytes` long. */
export function sealedEvent(producer: SealedTelemetry, key: string, bytes = 100): SealedEvent {
  const payload = {
    predictionId: key,
    project: 'lending',
    rows: [0],
    labels: ['x'.repeat(bytes)],
    timeMs: new FixedClock().now(),
    caller: 'm-app',
  };
  return producer.seal(OutcomeRecorded, {
    subject: key,
    project: 'lending',
    correlation: key,
    actor: 'm-app',
    payload,
  });
}

/** The event of an answered row. */
export const predictionMessage = (predictionId: string): PredictionLoggedMessage =>
  PredictionLogged.codec.decode(
    PredictionLogged.codec
      .encode({
        predictionId,
        firstRow: 0,
        rows: 1,
        project: 'lending',
        model: 'approval',
        modelVersion: 1,
        modelDigest: 'a'.repeat(64),
        inputs: [{ name: 'income', numbers: [1], texts: [], missing: [] }],
        sensitive: [],
        subjects: [],
        scores: [0.5],
        labels: ['yes'],
        timeMs: 1,
        caller: 'm-app',
        dataset: 'applications',
      })
      .finish(),
  );
