import { MAX_EVENT_BYTES, PredictionLogged } from '@steward/contracts';
import { newPseudonym } from '@steward/kernel';
import { descriptor } from './descriptor.factory';
import { predictionEvents } from './prediction-events';

function prediction(rows: number, text: string) {
  return {
    id: 'p',
    project: 'lending-1',
    caller: 'c',
    timeMs: 1,
    descriptor: descriptor(),
    columns: {
      rows,
      inputs: [
        { kind: 'numbers' as const, values: Float64Array.from({ length: rows }, (_, row) => row) },
        { kind: 'texts' as const, values: Array.from({ length: rows }, (_, row) => (row % 2 ? text : null)) },
      ],
      sensitive: [],
      subjects: Array.from({ length: rows }, () => newPseudonym()),
    },
    scores: Float64Array.from({ length: rows }, (_, row) => row / rows),
    labels: Array.from({ length: rows }, () => 'no'),
  };
}

describe('predictionEvents', () => {
  it('is one event for an ordinary request', () => {
    const [event, ...rest] = predictionEvents(prediction(3, 'yes'));
    expect(rest).toEqual([]);
    expect(event).toMatchObject({
      firstRow: 0,
      rows: 3,
      inputs: [{ numbers: [0, 1, 2] }, { texts: ['', 'yes', ''], missing: [0, 2] }],
    });
  });

  it('splits into row ranges that fit and lose nothing', () => {
    const events = predictionEvents(prediction(5_000, 'x'.repeat(100)));
    expect(events.length).toBeGreaterThan(1);
    for (const event of events)
      expect(PredictionLogged.codec.encode(event).finish().byteLength).toBeLessThanOrEqual(MAX_EVENT_BYTES);
    expect(events.flatMap((event) => event.inputs[0]!.numbers)).toEqual(
      Array.from({ length: 5_000 }, (_, row) => row),
    );
    let next = 0;
    for (const event of events) {
      expect(event.firstRow).toBe(next);
      expect(event.inputs[1]!.missing.every((row) => row < event.rows)).toBe(true);
      next += event.rows;
    }
    expect(next).toBe(5_000);
  });
});
