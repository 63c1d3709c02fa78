import { z } from 'zod';
import type { EventDefinition } from './event-definition';
import { allEvents } from './registry';
import { allTopics } from './topics';

/** Headers of every event: CloudEvents 1.0, Kafka's binary content mode. */
const HEADERS = {
  type: 'object',
  required: [
    'content-type',
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_time',
    'ce_subject',
    'ce_stewardcorrelation',
    'ce_stewardactor',
  ],
  properties: {
    'content-type': { type: 'string', enum: ['application/json', 'application/protobuf'] },
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', format: 'uuid' },
    ce_type: { type: 'string' },
    ce_source: { type: 'string', description: 'The producing service.' },
    ce_time: { type: 'string', format: 'date-time' },
    ce_subject: { type: 'string', description: 'Id of the aggregate; also the partition key.' },
    ce_stewardproject: { type: 'string' },
    ce_stewardcorrelation: { type: 'string' },
    ce_stewardactor: { type: 'string' },
    ce_stewardproducer: { type: 'string', format: 'uuid' },
    ce_stewardsequence: { type: 'string' },
    traceparent: { type: 'string' },
    ce_traceparent: { type: 'string' },
  },
} as const;

/** Event types are unique only within a topic: each service has its own `audit.entry`. */
const messageName = ({ topic, type }: EventDefinition): string =>
  `${topic.name}.${type}`.replace(/[^A-Za-z0-9_-]/g, '_');

const channelName = (topic: string): string => topic.replaceAll('.', '_');

function messageOf(definition: EventDefinition): object {
  const common = { name: definition.type, headers: { $ref: '#/components/schemas/Headers' } };
  return definition.format === 'json'
    ? {
        ...common,
        contentType: 'application/json',
        payload: z.toJSONSchema(definition.schema, { io: 'output', unrepresentable: 'any' }),
      }
    : {
        ...common,
        contentType: 'application/protobuf',
        payload: {
          schemaFormat: 'application/vnd.google.protobuf;version=3',
          schema: 'See proto/steward/telemetry/v1/telemetry.proto',
        },
      };
}

/** The list of topics and events as an AsyncAPI 3 document (asyncapi.com/docs/reference/specification/v3.0.0). */
export function asyncApiDocument(): object {
  return {
    asyncapi: '3.0.0',
    info: { title: 'Steward events', version: '1' },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      allTopics.map((topic) => [
        channelName(topic.name),
        {
          address: topic.name,
          'x-owner': topic.owner,
          'x-partitions': topic.partitions,
          'x-retention-days': topic.retentionDays,
          'x-may-skip': topic.maySkip,
          messages: Object.fromEntries(
            allEvents
              .filter(({ topic: { name } }) => name === topic.name)
              .map((event) => [messageName(event), { $ref: `#/components/messages/${messageName(event)}` }]),
          ),
        },
      ]),
    ),
    operations: Object.fromEntries(
      allTopics.map(({ name, owner }) => [
        `${owner}_sends_${channelName(name)}`,
        { action: 'send', channel: { $ref: `#/channels/${channelName(name)}` } },
      ]),
    ),
    components: {
      schemas: { Headers: HEADERS },
      messages: Object.fromEntries(allEvents.map((event) => [messageName(event), messageOf(event)])),
    },
  };
}
