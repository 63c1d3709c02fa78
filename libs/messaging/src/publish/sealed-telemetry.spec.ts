import { OutcomeRecorded } from '@steward/contracts';
import { FixedClock, newId } from '@steward/kernel';
import fc from 'fast-check';
import { stampOf } from '../event-headers';
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
  it('property: writes the headers as JSON as they are in the object', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.option(fc.string({ unit: 'grapheme' })),
        fc.string({ unit: 'grapheme-ascii' }),
        (subject, project, actor) => {
          const record = sealer().seal(OutcomeRecorded, { ...event(), subject, project, actor });
          expect(JSON.parse(record.headersJson!())).toEqual(record.headers);
        },
      ),
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
