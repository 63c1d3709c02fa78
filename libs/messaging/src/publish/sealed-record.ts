import type { EventEnvelope } from '@steward/contracts';
import { stamped, toHeaders, type EventHeaders } from '../event-headers';
import type { OutgoingRecord } from '../log-record';

/** What all events of a producer say the same in their headers: `…"ce_source":"inference"`, as JSON without its end. */
export interface HeaderParts {
  readonly contentType: string;
  /** `{"content-type":…,"ce_specversion":…,"ce_type":…,"ce_source":…,"ce_stewardproducer":…`. */
  readonly jsonStart: string;
  readonly producer: string;
}

/**
 * A stamped event that makes its headers when somebody asks: PostgreSQL's log takes them as JSON, which is written here
 * without an object in between; Kafka's and the spool take the object.
 */
export class SealedRecord implements OutgoingRecord {
  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly value: Buffer,
    private readonly envelope: EventEnvelope,
    private readonly parts: HeaderParts,
    private readonly sequence: number,
  ) {}

  get key(): string {
    return this.envelope.subject;
  }

  get headers(): EventHeaders {
    const { producer, contentType } = this.parts;
    return stamped(toHeaders(this.envelope, contentType), { producer, sequence: this.sequence });
  }

  headersJson(): string {
    const { id, time, subject, correlation, actor, project, traceparent } = this.envelope;
    const trace = traceparent ? `,"traceparent":"${traceparent}","ce_traceparent":"${traceparent}"` : '';
    const projectPart = project === null ? '' : `,"ce_stewardproject":${quoted(project)}`;
    return `${this.parts.jsonStart},"ce_stewardsequence":"${this.sequence}","ce_id":"${id}","ce_time":"${time}","ce_subject":${quoted(subject)},"ce_stewardcorrelation":${quoted(correlation)},"ce_stewardactor":${quoted(actor)}${projectPart}${trace}}`;
  }
}

const PLAIN = /^[\w./:-]*$/;

/** A JSON string; most are names and ids, which need no escaping. */
const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));
