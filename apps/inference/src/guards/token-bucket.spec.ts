import fc from 'fast-check';
import { TokenBucket } from './token-bucket';

describe('TokenBucket', () => {
  it('lets a burst through, then the rate', () => {
    const bucket = new TokenBucket(10, 3, 0);
    for (let taken = 0; taken < 3; taken++) {
      expect(bucket.wait(1, 0)).toBe(0);
      bucket.take(1, 0);
    }
    expect(bucket.wait(1, 0)).toBe(100);
    expect(bucket.wait(1, 60)).toBe(40);
    expect(bucket.wait(1, 100)).toBe(0);
    expect(bucket.wait(3, 100)).toBe(200);
  });

  it('takes what is larger than itself when it is full, and makes up for it', () => {
    const bucket = new TokenBucket(100, 100, 0);
    expect(bucket.wait(500, 0)).toBe(0);
    bucket.take(500, 0);
    expect(bucket.wait(1, 0)).toBe(4_010);
    expect(bucket.wait(1, 4_010)).toBe(0);
  });

  it('property: in the long run no more than the rate and one burst, whatever is asked for and when', () => {
    const asks = fc.array(
      fc.record({ after: fc.nat({ max: 500 }), count: fc.integer({ min: 1, max: 20 }) }),
      {
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(asks, (all) => {
        const bucket = new TokenBucket(40, 20, 0);
        let [now, through] = [0, 0];
        for (const { after, count } of all) {
          now += after;
          if (bucket.wait(count, now) > 0) continue;
          bucket.take(count, now);
          through += count;
          expect(through).toBeLessThanOrEqual(20 + (now / 1_000) * 40 + 1e-6);
        }
      }),
    );
  });
});
