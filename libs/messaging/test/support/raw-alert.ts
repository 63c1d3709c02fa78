import { AlertRaised } from '@steward/contracts';
import { newId } from '@steward/kernel';
import { toHeaders } from '../../src/event-headers';
import type { OutgoingRecord } from '../../src/log-record';
import { partitionOf } from '../../src/partition-of';

/** A raw record on the alert topic, as a producer with a fault might write it. */
export function rawAlert(key: string, value: string, headers: Record<string, string> = {}): OutgoingRecord {
  const { topic } = AlertRaised;
  const envelope = {
    id: newId(),
    type: 'alert.raised',
    source: 'monitoring' as const,
    time: new Date().toISOString(),
    subject: key,
    project: 'lending-1',
    correlation: newId(),
    actor: 'person-1',
  };
  return {
    topic: topic.name,
    partition: partitionOf(key, topic.partitions),
    key,
    headers: { ...toHeaders(envelope, 'application/json'), ...headers },
    value: Buffer.from(value),
  };
}
