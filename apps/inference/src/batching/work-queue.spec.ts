import { WorkQueue } from './work-queue';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
let time = 0;

class TimedQueue extends WorkQueue {
  protected override now(): number {
    return time;
  }
}

/** Takes so long. */
function busy<Answer>(ms: number, answer: Answer): Answer {
  time += ms;
  return answer;
}

describe('the queue of a process', () => {
  it('answers at once while nothing waits, and passes on what is thrown', () => {
    const queue = new TimedQueue();
    expect(queue.run(1, () => 'now')).toBe('now');
    expect(() =>
      queue.run(1, () => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
  });

  it('lets a turn end that has answered for long, and keeps the order', async () => {
    const queue = new TimedQueue();
    const order: number[] = [];
    expect(queue.run(1, () => busy(8, 0))).toBe(0);
    const later = [1, 2, 3].map((each) => Promise.resolve(queue.run(1, () => order.push(each))));
    expect(order).toEqual([]);
    await Promise.all(later);
    expect(order).toEqual([1, 2, 3]);
    await turn();
    expect(queue.run(1, () => 'now')).toBe('now');
  });

  it('rejects what a later turn throws, and goes on', async () => {
    const queue = new TimedQueue();
    void queue.run(1, () => busy(8, 0));
    const broken = queue.run(1, () => {
      throw new Error('broken');
    });
    const next = queue.run(1, () => 'next');
    await expect(broken).rejects.toThrow('broken');
    await expect(next).resolves.toBe('next');
  });

  it('refuses what would wait too long, by what such requests took, and takes more when they have been answered', async () => {
    const queue = new TimedQueue();
    for (let each = 0; each < 12; each++) {
      await queue.run(256, () => busy(7, 0));
      await turn();
    }
    void queue.run(256, () => busy(7, 0));
    const taken: unknown[] = [];
    const overflow = (): void => {
      for (let each = 0; each < 1_000; each++) taken.push(queue.run(256, () => busy(7, each)));
    };
    expect(overflow).toThrow(
      expect.objectContaining({
        code: 'INFERENCE.OVERLOADED',
        kind: 'limit',
        retriable: true,
        details: { of: 'delay', limit: 1_000, retryAfterMs: 100 },
      }),
    );
    expect(taken.length).toBeGreaterThanOrEqual(140);
    expect(taken.length).toBeLessThan(250);
    await expect(Promise.all(taken)).resolves.toEqual(taken.map((_, index) => index));
    await turn();
    expect(queue.run(256, () => 'now')).toBe('now');
  });

  describe('under load that does not end', () => {
    const warm = async (queue: WorkQueue, rows: number, ms: number): Promise<void> => {
      for (let each = 0; each < 1_000; each++) {
        void queue.run(rows, () => busy(ms, 0));
        await turn();
      }
    };
    /** Keeps one more waiting than are answered, for so long. */
    const press = (queue: WorkQueue, rows: number, ms: number, forMs: number): number => {
      // Another size, so that what these requests usually take stays what it is.
      void queue.run(8_192, () => busy(8, 0));
      const until = time + forMs;
      let taken = 0;
      try {
        for (; time < until; taken++) {
          queue.run(rows, () => busy(ms, 0));
          time += ms / 2;
        }
      } catch (error) {
        expect(error).toMatchObject({ code: 'INFERENCE.OVERLOADED', details: { limit: 20 } });
      }
      return taken;
    };

    it('lets wait no longer than 20 ms, where a burst may wait a second', async () => {
      const queue = new TimedQueue();
      await warm(queue, 256, 2);
      // 50 requests are 100 ms of work, taken within the first 100 ms; then there are too many.
      const taken = press(queue, 256, 2, 1_000);
      expect(taken).toBeGreaterThanOrEqual(99);
      expect(taken).toBeLessThanOrEqual(101);
      // Empty once: it was a burst.
      await turn();
      for (let each = 0; each < 100; each++) await turn();
      expect(press(queue, 256, 2, 90)).toBe(90);
    });

    it('refuses nothing that costs as little as a refusal, and nothing while the process is young', async () => {
      const cheap = new TimedQueue();
      await warm(cheap, 1, 0.1);
      expect(press(cheap, 1, 0.1, 300)).toBeGreaterThan(5_900);
      const young = new TimedQueue();
      void young.run(256, () => busy(2, 0));
      await turn();
      expect(press(young, 256, 2, 300)).toBe(300);
    });
  });
});
