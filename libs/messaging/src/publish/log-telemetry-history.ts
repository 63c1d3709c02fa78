import type { ProtobufEventDefinition, ServiceName } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { EventBus } from '../event-bus';
import { decodeEvent } from '../event-codec';
import type { LogRecord } from '../log-record';
import { TelemetryHistory, type FoundTelemetry, type TelemetrySearch } from '../outbox';
import { partitionOf } from '../partition-of';

/** Records of a partition that one search looks at. */
const MOST_RECORDS = 500_000;
/** Searches of a process at the same time; each keeps a connection, on Kafka a group. */
const MOST_AT_ONCE = 2;
/** Clocks of producers and of the log may differ by so much. */
const CLOCKS_MS = 60_000;

/** Searches the log behind the bus. */
export class LogTelemetryHistory extends TelemetryHistory {
  private searching = 0;

  constructor(
    private readonly service: ServiceName,
    private readonly bus: EventBus,
    private readonly mostRecords = MOST_RECORDS,
  ) {
    super();
  }

  async find<Message>(
    definition: ProtobufEventDefinition<string, Message>,
    { subject, fromMs, wanted }: TelemetrySearch<Message>,
  ): Promise<FoundTelemetry<Message>> {
    const { topic, type } = definition;
    if (topic.owner !== this.service)
      throw errors.invalid('EVENT.INVALID', `The log of ${topic.name} is ${topic.owner}'s to read.`);
    if (this.searching >= MOST_AT_ONCE) {
      throw errors.limit('EVENT.SEARCHES_BUSY', 'Others search the log just now. Try again in a moment.', {
        retriable: true,
        details: { retryAfterMs: 1_000 },
      });
    }
    let found: { readonly payload: Message } | undefined;
    const enough = (record: LogRecord): boolean => {
      const event = decodeEvent(record);
      if (event.definition.type !== type || !wanted(event.payload as Message)) return false;
      found = { payload: event.payload as Message };
      return true;
    };
    this.searching += 1;
    try {
      const { complete } = await this.bus.findKey({
        topic: topic.name,
        partition: partitionOf(subject, topic.partitions),
        key: subject,
        fromMs: fromMs - CLOCKS_MS,
        mostRecords: this.mostRecords,
        enough,
      });
      if (found) return { state: 'found', ...found };
      return { state: complete ? 'absent' : 'unknown' };
    } finally {
      this.searching -= 1;
    }
  }
}
