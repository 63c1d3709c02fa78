import { OutcomeRecorded } from '@steward/contracts';
import { FixedClock } from '@steward/kernel';
import { EventPages } from './event-pages';
import { StampingSealedTelemetry } from './sealed-telemetry';

const PAGE_BYTES = 256 * 1024;

describe('pages of events', () => {
  it('are used again when all of their events are released, and not sooner', () => {
    const pages = new EventPages();
    const first = pages.withRoomFor(PAGE_BYTES / 4);
    for (let i = 0; i < 4; i++) first.hold();
    first.used = PAGE_BYTES;
    const second = pages.withRoomFor(1_000);
    second.hold();
    second.used = PAGE_BYTES;
    expect(second).not.toBe(first);
    for (let i = 0; i < 3; i++) first.release();
    const third = pages.withRoomFor(1_000);
    expect(third).not.toBe(first);
    first.release();
    third.hold();
    third.used = PAGE_BYTES;
    const fourth = pages.withRoomFor(1_000);
    expect(fourth).toBe(first);
    expect(fourth.used).toBe(0);
  });

  it('that nobody holds when they are full are free at once', () => {
    const pages = new EventPages();
    const first = pages.withRoomFor(1);
    first.used = PAGE_BYTES;
    expect(pages.withRoomFor(1)).toBe(first);
  });

  it('are not shared by a large event', () => {
    const pages = new EventPages();
    const large = pages.withRoomFor(PAGE_BYTES);
    expect(large.bytes.length).toBe(PAGE_BYTES);
    expect(pages.withRoomFor(PAGE_BYTES)).not.toBe(large);
  });

  const payload = (index: number) => ({
    predictionId: `p-${index}`,
    project: 'lending-1',
    rows: [index],
    labels: ['x'.repeat(index % 3 === 0 ? 3_000 : 10)],
    timeMs: index,
    caller: 'm-app',
  });
  const sealed = (sealer: StampingSealedTelemetry, index: number) =>
    sealer.seal(OutcomeRecorded, {
      subject: `p-${index}`,
      project: 'lending-1',
      correlation: `c-${index}`,
      actor: 'm-app',
      payload: payload(index),
    });

  it('hold what was sealed while others come and go around it', () => {
    const sealer = new StampingSealedTelemetry('inference', new FixedClock());
    const kept = [];
    for (let index = 0; index < 5_000; index++) {
      const event = sealed(sealer, index);
      if (index % 7 === 0) kept.push({ index, event });
      else event.release?.();
    }
    for (const { index, event } of kept) {
      expect(event.key).toBe(`p-${index}`);
      expect(event.headers).toMatchObject({
        ce_stewardcorrelation: `c-${index}`,
        ce_stewardsequence: `${index + 1}`,
      });
      expect(OutcomeRecorded.codec.decode(event.value)).toEqual(payload(index));
    }
  });

  it('are not read by whoever still has a released event', () => {
    const event = sealed(new StampingSealedTelemetry('inference', new FixedClock()), 1);
    event.release?.();
    sealed(new StampingSealedTelemetry('inference', new FixedClock()), 2);
    expect(() => event.key).toThrow('outside buffer bounds');
    expect(() => event.headers).toThrow();
  });
});
