import { parentPort } from 'node:worker_threads';
import { AppError, errors } from '@steward/kernel';
import { GraphSession } from '@steward/onnx';
import type { RuntimeReply, RuntimeRequest } from './runtime-messages';

/** A session a model, in this thread: `run` blocks it, and nobody else. */
const sessions = new Map<number, Promise<GraphSession>>();

function refusal(thrown: unknown): Extract<RuntimeReply, { error: unknown }>['error'] {
  const { code, kind, message, retriable, details } = AppError.is(thrown)
    ? thrown
    : errors.internal('INFERENCE.ENGINE_FAILED', `The engine failed: ${String(thrown)}`);
  return { code, kind, message, retriable, details };
}

// Bound once: a message port has no origin that a call could name.
const reply = parentPort?.postMessage.bind(parentPort) as ((message: RuntimeReply) => void) | undefined;

async function run(request: Extract<RuntimeRequest, { kind: 'run' }>): Promise<void> {
  const { job, model, columns, rows } = request;
  try {
    const session = await sessions.get(model);
    if (!session)
      throw errors.internal('INFERENCE.ENGINE_FAILED', 'The model was not opened in this thread.');
    const probabilities = await session.run(columns, rows);
    reply?.({ job, probabilities });
  } catch (error) {
    reply?.({ job, error: refusal(error) });
  }
}

parentPort?.on('message', (request: RuntimeRequest) => {
  if (request.kind === 'run') void run(request);
  else if (request.kind === 'open') {
    const opening = GraphSession.open(request.onnx, request.signature);
    // Whoever runs the model is told; until then a failure must not end the thread.
    opening.catch(() => undefined);
    sessions.set(request.model, opening);
  } else {
    void sessions.get(request.model)?.then(
      (session) => session.close(),
      () => undefined,
    );
    sessions.delete(request.model);
  }
});
