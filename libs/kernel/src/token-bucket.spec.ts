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

  /** How many are taken, one by one, until one is too many. */
  const takeAll = (bucket: TokenBucket, now: number): number => {
    let taken = 0;
    for (; bucket.wait(1, now) === 0; taken++) bucket.take(1, now);
    return taken;
  };

  it('keeps parts of one that was not there yet', () => {
    const bucket = new TokenBucket(1, 1, 0);
    takeAll(bucket, 0);
    for (let now = 100; now < 1_000; now += 100) expect(bucket.wait(1, now)).toBeGreaterThan(0);
    expect(bucket.wait(1, 1_001)).toBe(0);
  });

  it('never holds more than its capacity, however long nothing was taken', () => {
    const bucket = new TokenBucket(5, 10, 0);
    expect(takeAll(bucket, 3_600_000)).toBe(10);
    expect(takeAll(bucket, 7_200_000)).toBe(10);
    expect(takeAll(bucket, 7_201_000)).toBe(5);
  });

  it('never ends one who keeps to the rate', () => {
    const bucket = new TokenBucket(5, 10, 0);
    for (let each = 0; each < 1_000; each++) {
      expect(bucket.wait(1, each * 200)).toBe(0);
      bucket.take(1, each * 200);
    }
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
