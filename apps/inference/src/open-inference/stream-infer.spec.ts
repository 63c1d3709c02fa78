import fc from 'fast-check';
import { answerInOrder, STREAM_WIDTH } from './stream-infer';

async function* numbers(count: number, read: { count: number }) {
  for (let index = 0; index < count; index++) {
    read.count += 1;
    yield index;
    await Promise.resolve();
  }
}

describe('answerInOrder', () => {
  it('answers every request once and in order, however long each takes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 60 }), async (turns) => {
        const source = numbers(turns.length, { count: 0 });
        const answers: number[] = [];
        for await (const each of answerInOrder(source, async (index) => {
          for (let turn = 0; turn < turns[index]!; turn++) await Promise.resolve();
          return index;
        }))
          answers.push(each);
        expect(answers).toEqual(turns.map((_, index) => index));
      }),
    );
  });

  it('reads no further than its width while nobody takes the answers', async () => {
    const read = { count: 0 };
    const answers = answerInOrder(numbers(1_000, read), () => new Promise<never>(() => undefined));
    void answers.next();
    for (let turn = 0; turn < 1_000; turn++) await Promise.resolve();
    expect(read.count).toBeGreaterThanOrEqual(STREAM_WIDTH);
    expect(read.count).toBeLessThanOrEqual(STREAM_WIDTH + 1);
  });

  it('ends with the error of a stream that was cut', async () => {
    const cut = { next: () => Promise.reject(new Error('cut')) };
    await expect(answerInOrder(cut, (each) => Promise.resolve(each)).next()).rejects.toThrow('cut');
  });
});
