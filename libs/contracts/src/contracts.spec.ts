import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { field } from './field';
import {
  allEvents,
  allTopics,
  asyncApiDocument,
  AuditTopics,
  FieldClasses,
  RetentionTopics,
  Services,
  SubjectTopics,
  Topics,
  walkFields,
  type JsonEventDefinition,
} from './index';

const FIXTURES = join(__dirname, '..', 'fixtures', 'v1');
/** Personal data lives this long at most on the bus. */
const PERSONAL_DAYS = 30;

const jsonEvents = allEvents.filter((event): event is JsonEventDefinition => event.format === 'json');
const named = (topic: string, type: string): string => `${topic}.${type}`;

describe('the classes of fields', () => {
  const leaves = jsonEvents.flatMap((event) =>
    walkFields(event.schema).map((leaf) => ({ ...leaf, event: event.type, topic: event.topic })),
  );

  it('are said of every leaf of every event', () => {
    expect(leaves.length).toBeGreaterThan(150);
    const unclassed = leaves.filter(({ fieldClass }) => !fieldClass || !FieldClasses.includes(fieldClass));
    expect(unclassed.map(({ event, path }) => `${event}: ${path}`)).toEqual([]);
  });

  it('let personal data onto short-lived topics alone', () => {
    const personal = leaves.filter(({ fieldClass }) => fieldClass === 'personal');
    expect(personal.length).toBeGreaterThan(0);
    const kept = personal.filter(({ topic }) => (topic.retentionDays ?? Infinity) > PERSONAL_DAYS);
    expect(kept.map(({ event, path }) => `${event}: ${path}`)).toEqual([]);
  });

  it('are missed in a schema where somebody forgot one, however deep', () => {
    const planted = z.object({
      ok: field.id(),
      deep: z.array(z.record(field.name(), z.string().nullable())),
    });
    const missing = walkFields(planted).filter(({ fieldClass }) => !fieldClass);
    expect(missing.map(({ path }) => path)).toEqual(['deep[]{}']);
    expect(() => walkFields(z.object({ hidden: z.any() }))).toThrow('cannot be seen');
  });
});

describe('topics', () => {
  it('are named after their owner, aggregate and version, once', () => {
    for (const { name, owner } of allTopics) {
      expect(name).toMatch(new RegExp(`^steward\\.${owner}\\.[a-z]+(-[a-z]+)*\\.v1$`));
    }
    expect(new Set(allTopics.map(({ name }) => name)).size).toBe(allTopics.length);
  });

  it('carry only registered events, each type once', () => {
    const names = allEvents.map(({ topic, type }) => named(topic.name, type));
    expect(new Set(names).size).toBe(names.length);
    for (const { topic } of allEvents) expect(allTopics).toContain(topic);
    for (const topic of allTopics) expect(allEvents.some((event) => event.topic === topic)).toBe(true);
  });

  it('stop rather than skip where audit, approval, alias, policy or a data subject is at stake', () => {
    const strict = [
      Topics.alias,
      Topics.approval,
      Topics.approvalRequest,
      Topics.policy,
      Topics.breach,
      Topics.breachExposure,
      Topics.consent,
      Topics.decision,
      Topics.subjectRequest,
      Topics.retention,
      ...Object.values(RetentionTopics),
      ...Object.values(SubjectTopics),
      ...Object.values(AuditTopics),
    ];
    expect(allTopics.filter(({ maySkip }) => !maySkip)).toHaveLength(strict.length);
    for (const topic of strict) expect(topic.maySkip).toBe(false);
  });

  it('join predictions and outcomes in one place, and keep telemetry 30 days at most', () => {
    expect(Topics.prediction.partitions).toBe(Topics.outcome.partitions);
    for (const { kind, retentionDays } of allTopics) {
      if (kind === 'telemetry') expect(retentionDays).toBeLessThanOrEqual(PERSONAL_DAYS);
    }
  });

  it('give each service an audit topic of its own', () => {
    expect(Object.keys(AuditTopics).sort()).toEqual([...Services].sort());
    for (const service of Services) expect(AuditTopics[service].owner).toBe(service);
  });
});

describe('payloads that were once written', () => {
  const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.json'));
  const digests = JSON.parse(readFileSync(join(FIXTURES, '..', 'digests.json'), 'utf8')) as Record<
    string,
    string
  >;
  const byName = new Map(allEvents.map((event) => [named(event.topic.name, event.type), event]));

  it('are kept for each event, unchanged', () => {
    const covered = new Set(files.map((name) => name.replace(/\.\d+\.json$/, '')));
    expect([...byName.keys()].filter((name) => !covered.has(name))).toEqual([]);
    expect(Object.keys(digests).sort()).toEqual([...files].sort());
    for (const file of files) {
      const digest = createHash('sha256')
        .update(readFileSync(join(FIXTURES, file)))
        .digest('hex');
      expect({ file, digest }).toEqual({ file, digest: digests[file] });
    }
  });

  it.each(files)('%s parses for ever, and no field of it is lost', (file) => {
    const event = byName.get(file.replace(/\.\d+\.json$/, ''));
    const kept = JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as {
      protobuf?: string;
      payload: unknown;
    };
    if (event?.format === 'protobuf') {
      const bytes = Buffer.from(kept.protobuf!, 'base64');
      expect(event.codec.decode(bytes)).toMatchObject(kept.payload as object);
      // The same fields under the same numbers: what we write today, a reader of then understands.
      expect(Buffer.from(event.codec.encode(event.codec.decode(bytes)).finish()).toString('base64')).toBe(
        kept.protobuf,
      );
    } else {
      expect(event?.schema.parse(kept)).toMatchObject(kept);
    }
  });
});

describe('the AsyncAPI document', () => {
  it('is what asyncapi.json publishes', () => {
    const published = JSON.parse(readFileSync(join(__dirname, '..', 'asyncapi.json'), 'utf8')) as unknown;
    expect(JSON.parse(JSON.stringify(asyncApiDocument()))).toEqual(published);
  });

  it('has a channel for each topic and a message for each event', () => {
    const document = asyncApiDocument() as { channels: object; components: { messages: object } };
    expect(Object.keys(document.channels)).toHaveLength(allTopics.length);
    expect(Object.keys(document.components.messages)).toHaveLength(allEvents.length);
  });
});
