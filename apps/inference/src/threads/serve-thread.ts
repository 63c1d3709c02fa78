import { parentPort } from 'node:worker_threads';
import { AppError, errors } from '@steward/kernel';
import type { ThreadReply, ThreadRequest } from './thread-messages';

/** What a thread does with its models. */
export interface ThreadWork<Opening, Held, Work, Result> {
  open(opening: Opening): Held | Promise<Held>;
  run(held: Held, work: Work): Result | Promise<Result>;
  close?(held: Held): Promise<void>;
}

/** Answers what the serving thread asks, in this thread: `run` blocks it, and nobody else. */
export function serveThread<Opening, Held, Work, Result>(to: ThreadWork<Opening, Held, Work, Result>): void {
  const models = new Map<string, Promise<Held>>();
  // Bound once: a message port has no origin that a call could name.
  const reply = parentPort?.postMessage.bind(parentPort) as
    ((message: ThreadReply<Result>) => void) | undefined;

  const run = async ({ job, model, work }: Extract<ThreadRequest<Opening, Work>, { kind: 'run' }>) => {
    try {
      const held = models.get(model);
      if (!held) throw errors.internal('INFERENCE.ENGINE_FAILED', 'The model was not opened in this thread.');
      const result = await to.run(await held, work);
      reply?.({ job, result });
    } catch (error) {
      reply?.({ job, error: refusal(error) });
    }
  };

  parentPort?.on('message', (request: ThreadRequest<Opening, Work>) => {
    if (request.kind === 'run') void run(request);
    else if (request.kind === 'open') {
      const opening = (async () => await to.open(request.opening))();
      // Whoever runs the model is told; until then a failure must not end the thread.
      opening.catch(() => undefined);
      models.set(request.model, opening);
    } else if (request.kind === 'end') parentPort?.close();
    else {
      void models.get(request.model)?.then(
        (held) => to.close?.(held),
        () => undefined,
      );
      models.delete(request.model);
    }
  });
}

function refusal(thrown: unknown): Extract<ThreadReply<unknown>, { error: unknown }>['error'] {
  const { code, kind, message, retriable, details } = AppError.is(thrown)
    ? thrown
    : errors.internal('INFERENCE.ENGINE_FAILED', `The engine failed: ${String(thrown)}`);
  return { code, kind, message, retriable, details };
}
