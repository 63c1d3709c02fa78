/** Requests of one stream that are worked on at a time; more are not read from the caller. */
export const STREAM_WIDTH = 16;

/**
 * Answers each request of a stream, in order, up to {@link STREAM_WIDTH} of them at a time. Requests are read no faster
 * than answers are taken, so a caller who does not read stops being read. `answer` must not reject.
 */
export async function* answerInOrder<Request, Answer>(
  requests: AsyncIterator<Request>,
  answer: (request: Request) => Promise<Answer>,
): AsyncGenerator<Answer, void, void> {
  const running: Promise<Answer>[] = [];
  let next: Promise<IteratorResult<Request>> | null = requests.next();
  while (next || running.length > 0) {
    const [head] = running;
    const read: Promise<IteratorResult<Request>> | null = running.length < STREAM_WIDTH ? next : null;
    const first: IteratorResult<Request> | null = read
      ? await Promise.race(head ? [read, head.then(() => null)] : [read])
      : null;
    if (first === null) yield await running.shift()!;
    else if (first.done === true) next = null;
    else {
      running.push(answer(first.value));
      next = requests.next();
    }
  }
}
