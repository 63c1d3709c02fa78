import type { KafkaMessage } from 'kafkajs';
import type { LogRecord } from '../log-record';

/** A message as it came from Kafka, headers as text. */
export function toLogRecord(topic: string, partition: number, message: KafkaMessage): LogRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) headers[name] = first.toString();
  }
  return {
    topic,
    partition,
    offset: Number(message.offset),
    key: message.key?.toString() ?? null,
    headers,
    value: message.value ?? Buffer.alloc(0),
  };
}
