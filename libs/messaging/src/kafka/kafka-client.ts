import { Logger } from '@nestjs/common';
import { errors, type AppError } from '@steward/kernel';
import { CompressionCodecs, CompressionTypes, Kafka, logLevel, type LogEntry } from 'kafkajs';
import { lz4Codec, snappyCodec, zstdCodec } from './kafka-codecs';

/** Readers understand every codec that a broker may use; we ourselves send what is small, uncompressed. */
function registerCodecs(): void {
  Object.assign(CompressionCodecs, {
    [CompressionTypes.Snappy]: () => snappyCodec,
    [CompressionTypes.LZ4]: () => lz4Codec,
    [CompressionTypes.ZSTD]: () => zstdCodec,
  });
}

/** kafkajs's own messages, for debugging: what matters of them our loops report themselves, once and not per retry. */
function logCreator(): (entry: LogEntry) => void {
  const logger = new Logger('Kafka');
  return ({ namespace, log }) => {
    logger.debug(`${namespace}: ${log.message}${log.error ? ` (${String(log.error)})` : ''}`);
  };
}

/** A client of these brokers. `retries` are kafkajs's own, kept few: our loops wait and try again themselves. */
export function createKafka(clientId: string, brokers: readonly string[], retries = 2): Kafka {
  if (brokers.length === 0) {
    throw errors.invalid(
      'EVENT.NO_BROKERS',
      'The bus is Kafka, but no brokers are given. Set STEWARD_KAFKA_BROKERS.',
    );
  }
  registerCodecs();
  return new Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { retries, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.WARN,
    logCreator,
  });
}

/** Refusals that no later try mends. */
const FINAL: Readonly<Record<string, string>> = {
  TOPIC_AUTHORIZATION_FAILED: 'EVENT.TOPIC_FOREIGN',
  CLUSTER_AUTHORIZATION_FAILED: 'EVENT.TOPIC_FOREIGN',
  MESSAGE_TOO_LARGE: 'EVENT.INVALID',
  INVALID_TOPIC_EXCEPTION: 'EVENT.TOPIC_UNKNOWN',
};

/** What kafkajs throws, as an AppError: retriable unless the broker refused for good. */
export function mapKafkaError(error: unknown): AppError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = FINAL[(cause as { type?: string }).type ?? ''];
    if (code) return errors.forbidden(code, `Kafka refused: ${cause.message}`, { cause: error });
  }
  return errors.unavailable('EVENT.BUS_UNAVAILABLE', 'Kafka cannot be reached at the moment. Try again.', {
    cause: error,
  });
}
