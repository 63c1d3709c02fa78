import { randomUUID } from 'node:crypto';
import type { ProtobufEventDefinition, ServiceName } from '@steward/contracts';
import { jsonString, newId, type Clock } from '@steward/kernel';
import { CONTENT_TYPES, requireSmall, requireWritable } from '../event-codec';
import { SealedTelemetry, type SealedEvent, type TelemetryEvent } from '../outbox';
import { LENGTHS_BYTES, writeLengths } from '../packed-form';
import { murmur2, partitionOfHash } from '../partition-of';
import { EventPages } from './event-pages';
import { currentTrace } from './pg-outbox';
import { SealedRecord } from './sealed-record';

type Envelope = Omit<TelemetryEvent<never>, 'payload'>;

/** What events of a definition, project and actor say the same in their headers. */
interface SameHeaders {
  readonly definition: ProtobufEventDefinition;
  readonly project: string | null;
  /** As JSON without its end. */
  readonly json: Buffer;
}

/** For so many actors it is remembered. */
const MOST_ACTORS = 1_000;

/** Seals under an id of its own, so that its sequences are independent of what the process appends at once. */
export class StampingSealedTelemetry extends SealedTelemetry {
  private readonly producer = randomUUID();
  private readonly byActor = new Map<string, SameHeaders>();
  private readonly pages = new EventPages();
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
    return this.sealEncoded(definition, event, definition.codec.encode(payload).finish());
  }

  /** Called for each answered prediction: written once, behind the one before it. */
  sealEncoded(definition: ProtobufEventDefinition, envelope: Envelope, value: Uint8Array): SealedEvent {
    const { subject } = envelope;
    requireSmall(definition, value);
    if (subject === '') requireWritable(definition, { source: this.service, subject });
    const same = this.sameOf(definition, envelope);
    const rest = this.restOf(envelope);
    // At most three bytes a UTF-16 unit.
    const most = LENGTHS_BYTES + 3 * (subject.length + rest.length) + same.length + value.length;
    const page = this.pages.withRoomFor(most);
    const { bytes, used } = page;
    const keyAt = used + LENGTHS_BYTES;
    const keyBytes = writeText(bytes, keyAt, subject);
    const headersAt = keyAt + keyBytes;
    bytes.set(same, headersAt);
    const headersBytes = same.length + bytes.write(rest, headersAt + same.length, 'utf8');
    bytes.set(value, headersAt + headersBytes);
    writeLengths(bytes, used, keyBytes, headersBytes, value.length);
    page.used = headersAt + headersBytes + value.length;
    const { name, partitions } = definition.topic;
    const hash = murmur2(bytes, keyAt, keyBytes);
    const partition = partitionOfHash(hash, partitions);
    return new SealedRecord(name, partition, hash, page, used, page.used - used, value.length);
  }

  /** What is another in each event. */
  private restOf({ id, subject, correlation }: Envelope): string {
    const now = this.clock.now();
    const { traceparent } = currentTrace();
    const trace = traceparent ? `,"traceparent":"${traceparent}","ce_traceparent":"${traceparent}"` : '';
    const subjectJson = jsonString(subject);
    const correlationJson = correlation === subject ? subjectJson : jsonString(correlation);
    return `,"ce_stewardsequence":"${++this.sequence}","ce_id":"${id ?? newId(now)}","ce_time":"${this.timeOf(now)}","ce_subject":${subjectJson},"ce_stewardcorrelation":${correlationJson}${trace}}`;
  }

  private sameOf(definition: ProtobufEventDefinition, { project, actor }: Envelope): Buffer {
    const known = this.byActor.get(actor);
    if (known?.definition === definition && known.project === project) return known.json;
    const { producer, service: source } = this;
    requireWritable(definition, { source, subject: producer });
    const headers = {
      'content-type': CONTENT_TYPES.protobuf,
      ce_specversion: '1.0',
      ce_type: definition.type,
      ce_source: source,
      ce_stewardproducer: producer,
      ce_stewardactor: actor,
      ...(project === null ? null : { ce_stewardproject: project }),
    };
    const json = Buffer.from(JSON.stringify(headers).slice(0, -1), 'utf8');
    if (this.byActor.size >= MOST_ACTORS) this.byActor.clear();
    this.byActor.set(actor, { definition, project, json });
    return json;
  }

  private timeOf(now: number): string {
    if (now !== this.lastNow) {
      this.lastNow = now;
      this.lastTime = new Date(now).toISOString();
    }
    return this.lastTime;
  }
}

/** Up to here a loop over the characters is faster than the call into native code. */
const SHORT_TEXT = 48;

/** Returns the bytes that it takes, in UTF-8. */
function writeText(target: Buffer, at: number, text: string): number {
  const { length } = text;
  if (length > SHORT_TEXT) return target.write(text, at, 'utf8');
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return target.write(text, at, 'utf8');
    target[at + index] = code;
  }
  return length;
}
