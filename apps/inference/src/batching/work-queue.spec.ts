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
    expect(queue.run('risk', 1, () => 'now')).toBe('now');
    expect(() =>
      queue.run('risk', 1, () => {
        throw new Error('broken');
      }),
    ).toThrow('broken');
  });

  it('lets a turn end that has answered for long, and keeps the order', async () => {
    const queue = new TimedQueue();
    const order: number[] = [];
    expect(queue.run('risk', 1, () => busy(8, 0))).toBe(0);
    const later = [1, 2, 3].map((each) => Promise.resolve(queue.run('risk', 1, () => order.push(each))));
    expect(order).toEqual([]);
    await Promise.all(later);
    expect(order).toEqual([1, 2, 3]);
    await turn();
    expect(queue.run('risk', 1, () => 'now')).toBe('now');
  });

  it('rejects what a later turn throws, and goes on', async () => {
    const queue = new TimedQueue();
    void queue.run('risk', 1, () => busy(8, 0));
    const broken = queue.run('risk', 1, () => {
      throw new Error('broken');
    });
    const next = queue.run('risk', 1, () => 'next');
    await expect(broken).rejects.toThrow('broken');
    await expect(next).resolves.toBe('next');
  });

  it('refuses what would wait too long, by what such requests took, and takes more when they have been answered', async () => {
    const queue = new TimedQueue();
    for (let each = 0; each < 12; each++) {
      await queue.run('risk', 256, () => busy(7, 0));
      await turn();
    }
    void queue.run('risk', 256, () => busy(7, 0));
    const taken: unknown[] = [];
    const overflow = (): void => {
      for (let each = 0; each < 1_000; each++) taken.push(queue.run('risk', 256, () => busy(7, each)));
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
    expect(queue.run('risk', 256, () => 'now')).toBe('now');
  });

  /** A queue that has answered enough to know what it takes, and in which `ms` of work wait. */
  async function waitingQueue(ms: number): Promise<TimedQueue> {
    const queue = new TimedQueue();
    for (let each = 0; each < 1_000; each++) {
      await queue.run('risk', 256, () => busy(7, 0));
      await turn();
    }
    for (let each = 0; each <= ms / 7; each++) void queue.run('risk', 256, () => busy(7, 0));
    return queue;
  }

  it('turns away whoever comes once the queue has stood, and nobody while it is a burst or short', async () => {
    const burst = await waitingQueue(300);
    expect(burst.refusal()).toBeNull();
    time += 101;
    expect(burst.refusal()).toMatchObject({
      code: 'INFERENCE.OVERLOADED',
      kind: 'limit',
      retriable: true,
      details: { of: 'delay', limit: 5, retryAfterMs: 100 },
    });
    for (let each = 0; each < 50 && burst.refusal() !== null; each++) await turn();
    expect(burst.refusal()).toBeNull();
    const short = await waitingQueue(49);
    time += 101;
    expect(short.refusal()).toBeNull();
  });

  it('turns away nobody where more waits now and then, with gaps', async () => {
    const queue = await waitingQueue(150);
    time += 19;
    expect(queue.refusal()).toBeNull();
    // All but a few are answered: what comes then begins anew.
    for (let each = 0; each < 100; each++) await turn();
    for (let each = 0; each <= 150 / 7; each++) void queue.run('risk', 256, () => busy(7, 0));
    time += 19;
    expect(queue.refusal()).toBeNull();
    time += 2;
    expect(queue.refusal()).not.toBeNull();
  });

  it('lets no burst in until nobody has been turned away for a second', async () => {
    const queue = await waitingQueue(300);
    const burst = async (): Promise<unknown> => {
      for (let each = 0; each < 100; each++) await turn();
      for (let each = 0; each <= 300 / 7; each++) void queue.run('risk', 256, () => busy(7, 0));
      return queue.refusal();
    };
    time += 101;
    expect(queue.refusal()).not.toBeNull();
    expect(await burst()).not.toBeNull();
    time += 1_001;
    expect(await burst()).toBeNull();
  });

  it('turns away nobody where it takes as long to answer', async () => {
    const queue = new TimedQueue();
    const cheap = (): unknown => queue.run('risk', 1, () => busy(0.02, 0));
    for (let each = 0; each < 1_500; each++) cheap();
    for (let each = 0; each < 20; each++) await turn();
    void queue.run('risk', 256, () => busy(7, 0));
    for (let each = 0; each < 1_000; each++) cheap();
    time += 101;
    expect(queue.refusal()).toBeNull();
    await turn();
  });

  it('turns away nobody because the machine stood still while one was answered', async () => {
    const queue = new TimedQueue();
    const answer = (ms: number): unknown => queue.run('risk', 1, () => busy(ms, 0));
    for (let each = 0; each < 1_500; each++) answer(0.02);
    for (let each = 0; each < 20; each++) await turn();
    answer(40);
    for (let each = 0; each < 1_000; each++) answer(0.02);
    time += 101;
    expect(queue.refusal()).toBeNull();
    await turn();
  });

  it('learns within some fifty requests that they take longer than they did', async () => {
    const queue = new TimedQueue();
    for (let each = 0; each < 1_500; each++) {
      void queue.run('risk', 1, () => busy(0.02, 0));
      await turn();
    }
    for (let each = 0; each < 50; each++) {
      void queue.run('risk', 1, () => busy(7, 0));
      await turn();
    }
    for (let each = 0; each < 40; each++) void queue.run('risk', 1, () => busy(7, 0));
    time += 101;
    expect(queue.refusal()).not.toBeNull();
  });

  it('tells requests of as many rows apart by their models', async () => {
    const queue = new TimedQueue();
    const answer = (model: string, ms: number): unknown => queue.run(model, 1, () => busy(ms, 0));
    for (let each = 0; each < 1_500; each++) {
      void answer('cheap', 0.02);
      if (each % 10 === 0) void answer('dear', 7);
      await turn();
    }
    for (let each = 0; each < 40; each++) void answer('dear', 7);
    time += 101;
    expect(queue.refusal()).not.toBeNull();
    for (let each = 0; each < 100; each++) await turn();
    time += 1_001;
    for (let each = 0; each < 1_000; each++) void answer('cheap', 0.02);
    time += 101;
    expect(queue.refusal()).toBeNull();
    await turn();
  });

  it('turns away nobody while the process is young', async () => {
    const queue = new TimedQueue();
    for (let each = 0; each < 100; each++) void queue.run('risk', 256, () => busy(7, 0));
    time += 1_000;
    expect(queue.refusal()).toBeNull();
    await turn();
  });
});
