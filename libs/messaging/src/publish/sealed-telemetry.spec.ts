import { OutcomeRecorded } from '@steward/contracts';
import { FixedClock, newId } from '@steward/kernel';
import fc from 'fast-check';
import { stamped, stampOf, toHeaders } from '../event-headers';
import { hashOf, partitionOf } from '../partition-of';
import { pack, unpack } from '../postgres/packed-records';
import { StampingSealedTelemetry } from './sealed-telemetry';

const event = (id?: string) => ({
  subject: 'p-1',
  project: 'lending-1',
  correlation: newId(),
  actor: 'm-app',
  payload: {
    predictionId: 'p-1',
    project: 'lending-1',
    rows: [0],
    labels: ['yes'],
    timeMs: 1,
    caller: 'm-app',
  },
  ...(id === undefined ? {} : { id }),
});

const sealer = () => new StampingSealedTelemetry('inference', new FixedClock());

describe('sealed telemetry', () => {
  it('property: is what was given, in its headers, its key and its value', () => {
    const [clock, texts] = [new FixedClock(), fc.string({ unit: 'grapheme' })];
    fc.assert(
      fc.property(
        fc.record({
          subject: fc.string({ unit: 'binary', minLength: 1 }),
          project: fc.option(texts),
          correlation: texts,
          actor: texts,
          id: fc.uuid(),
        }),
        (given) => {
          const seals = new StampingSealedTelemetry('inference', clock);
          const [first, second] = [1, 2].map(() => seals.seal(OutcomeRecorded, { ...event(), ...given }));
          const envelope = {
            ...given,
            type: OutcomeRecorded.type,
            source: 'inference',
            time: clock.iso(),
          } as const;
          const producer = stampOf(first!.headers)!.producer;
          for (const [index, record] of [first!, second!].entries()) {
            const headers = stamped(toHeaders(envelope, 'application/protobuf'), {
              producer,
              sequence: index + 1,
            });
            expect(record.headers).toEqual(headers);
            expect(record.key).toBe(Buffer.from(given.subject).toString());
            expect(record.partition).toBe(partitionOf(given.subject, OutcomeRecorded.topic.partitions));
            expect(record.packed!.keyHash).toBe(hashOf(given.subject));
            expect(OutcomeRecorded.codec.decode(record.value)).toMatchObject(event().payload);
          }
        },
      ),
    );
  });

  it('property: is packed as it is where it stands, and as plain records are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1 }), (subjects) => {
        const seals = sealer();
        const records = subjects.map((subject) => seals.seal(OutcomeRecorded, { ...event(), subject }));
        const plain = records.map(({ topic, partition, key, headers, value }) => {
          return { topic, partition, key, headers, value };
        });
        const place = { topic: records[0]!.topic, partition: 0, offset: records.length - 1 };
        const unpacked = (value: Buffer) => unpack({ ...place, events: records.length, value });
        expect(unpacked(pack(records))).toEqual(unpacked(pack(plain)));
      }),
    );
  });

  it('numbers its events without gaps, under a producer of its own', () => {
    const [one, other] = [0, 1].map(() => new StampingSealedTelemetry('inference', new FixedClock()));
    const stamps = Array.from({ length: 3 }, () => stampOf(one!.seal(OutcomeRecorded, event()).headers)!);
    expect(stamps.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    expect(new Set(stamps.map(({ producer }) => producer)).size).toBe(1);
    expect(stampOf(other!.seal(OutcomeRecorded, event()).headers)!.producer).not.toBe(stamps[0]!.producer);
  });

  it('keeps the id that it is given, and refuses what is no event of the service', () => {
    const id = newId();
    const sealed = new StampingSealedTelemetry('inference', new FixedClock()).seal(
      OutcomeRecorded,
      event(id),
    );
    expect(sealed.headers['ce_id']).toBe(id);
    expect(OutcomeRecorded.codec.decode(sealed.value)).toMatchObject({ labels: ['yes'] });
    expect(() => sealer().seal(OutcomeRecorded, { ...event(), subject: '' })).toThrow('has no subject');
    const foreign = new StampingSealedTelemetry('training', new FixedClock());
    expect(() => foreign.seal(OutcomeRecorded, event())).toThrow('may not write');
  });
});
