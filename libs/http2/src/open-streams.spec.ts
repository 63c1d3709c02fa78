import fc from 'fast-check';
import { OpenStreams } from './open-streams';
import type { ServerStream } from './server-stream';

const streamOf = (id: number) => ({ id }) as ServerStream;

describe('the open streams of a connection', () => {
  it('property: are found by their numbers until they are removed, however many and however far apart', () => {
    // Steps between the numbers of new streams, and which of the open ones ends before each.
    const calls = fc.array(
      fc.record({ step: fc.integer({ min: 1, max: 300 }), ends: fc.option(fc.nat(500)) }),
      { maxLength: 700 },
    );
    fc.assert(
      fc.property(calls, (script) => {
        const open = new OpenStreams();
        const model = new Map<number, ServerStream>();
        let id = 1;
        for (const { step, ends } of script) {
          const ended = ends === null ? undefined : [...model.values()][ends % Math.max(1, model.size)];
          if (ended) {
            open.remove(ended);
            model.delete(ended.id);
            expect(open.get(ended.id)).toBeNull();
          }
          id += 2 * step;
          const stream = streamOf(id);
          expect(open.get(id)).toBeNull();
          open.add(stream);
          model.set(id, stream);
          expect(open.size).toBe(model.size);
        }
        for (const [each, stream] of model) expect(open.get(each)).toBe(stream);
        expect(new Set(open.values())).toEqual(new Set(model.values()));
      }),
      { numRuns: 60 },
    );
  });
});
