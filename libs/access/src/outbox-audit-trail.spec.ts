import type { AuditEntry, AuditNote, JsonEventDefinition } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { FixedClock } from '@steward/kernel';
import type { Outbox } from '@steward/messaging';
import { auditNoteDigest } from './audit-note-digest';
import type { Caller } from './caller';
import { callerFromEvent, callerOfService } from './event-caller';
import { InMemoryPolicyStore } from './in-memory-policy.store';
import { OutboxAuditTrail } from './outbox-audit-trail';
import { PolicyCache } from './policy-cache';

const clock = new FixedClock();
const store = new InMemoryPolicyStore(() => clock.now());
const cache = new PolicyCache(store, clock);
let published: { topic: string; event: { payload: unknown } }[];

const outbox = {
  publish: (_unit: unknown, definition: JsonEventDefinition, event: { payload: unknown }) => {
    definition.schema.parse(event.payload);
    published.push({ topic: definition.topic.name, event });
    return 'id';
  },
} as unknown as Outbox;
const trail = new OutboxAuditTrail(outbox, clock, cache, 'training');
const fact = { action: 'run.start', object: { kind: 'run', id: 'r-1' }, project: 'lending' } as const;

const person: Caller = {
  principal: { id: 'eve', kind: 'person', roles: [], credential: { kind: 'token', id: 't' } },
  correlation: 'c-1',
  project: 'lending',
  address: '10.0.0.1',
};
const entryOf = (): AuditEntry =>
  published.find(({ topic }) => topic === 'steward.training.audit.v1')?.event.payload as AuditEntry;
const noteOf = (): AuditNote | undefined =>
  published.find(({ topic }) => topic === 'steward.training.audit-note.v1')?.event.payload as
    AuditNote | undefined;

describe('OutboxAuditTrail', () => {
  beforeEach(() => {
    published = [];
  });

  it('says who, what, on what, when and why, on this service’s own topic', () => {
    trail.record({} as UnitOfWork, person, { ...fact, details: { rows: 7 } });
    expect(entryOf()).toMatchObject({
      service: 'training',
      time: clock.iso(),
      actor: { id: 'eve', kind: 'person' },
      ...fact,
      outcome: 'done',
      correlation: 'c-1',
      details: { rows: 7 },
    });
    expect(published[0]?.event).toMatchObject({ subject: 'training', actor: 'eve', correlation: 'c-1' });
  });

  it('keeps free text and address out of the entry, which holds their salted digest', () => {
    trail.record({} as UnitOfWork, person, { ...fact, reason: 'Jane asked for it' });
    const note = noteOf()!;
    expect(note).toMatchObject({
      entryId: entryOf().entryId,
      reason: 'Jane asked for it',
      address: '10.0.0.1',
    });
    expect(entryOf().noteDigest).toBe(auditNoteDigest(note));
    expect(JSON.stringify(entryOf())).not.toContain('Jane');
    expect(JSON.stringify(entryOf())).not.toContain('10.0.0.1');
  });

  it('salts each note anew, so that equal texts have unequal digests', () => {
    trail.record({} as UnitOfWork, person, { ...fact, reason: 'same' });
    const first = entryOf().noteDigest;
    published = [];
    trail.record({} as UnitOfWork, person, { ...fact, reason: 'same' });
    expect(entryOf().noteDigest).not.toBe(first);
  });

  it('carries the actor of an event on, with the kind that the policy knows', async () => {
    store.addPrincipal('robot', [], { kind: 'machine' });
    await cache.refresh();
    trail.record(
      {} as UnitOfWork,
      callerFromEvent({ actor: 'robot', correlation: 'c-2', project: 'lending' }),
      fact,
    );
    expect(entryOf()).toMatchObject({
      actor: { id: 'robot', kind: 'machine' },
      correlation: 'c-2',
      noteDigest: null,
    });
    expect(noteOf()).toBeUndefined();
  });

  it('names a service as itself', () => {
    trail.record({} as UnitOfWork, callerOfService('training', 'c-3', null), fact);
    expect(entryOf().actor).toEqual({ id: 'training', kind: 'service' });
    expect(callerFromEvent({ actor: 'monitoring', correlation: 'c', project: null }).principal.kind).toBe(
      'service',
    );
  });
});

describe('auditNoteDigest', () => {
  it('is SHA-256 over salt, line feed and the canonical JSON, so that others can compute it', () => {
    // printf '00\n{"address":null,"reason":"why"}' | sha256sum
    expect(auditNoteDigest({ salt: '00', reason: 'why', address: null })).toBe(
      '0a412d810e3e8d3dec58eef8e333ed0c4e2fffbf3eb11f2fd4bf074d182303eb',
    );
  });
});
