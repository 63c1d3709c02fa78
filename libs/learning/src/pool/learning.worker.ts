import { AppError } from '@steward/kernel';
import { parentPort } from 'node:worker_threads';
import { type FitJob, runFitJob } from './fit-job';
import type { WorkerReply } from './worker-reply';

const port = parentPort;

port?.on('message', ({ job, stop }: { job: FitJob; stop: Int32Array }) => {
  const reply = (message: WorkerReply): void => port.postMessage(message);
  try {
    const result = runFitJob(job, {
      onProgress: (progress) => reply({ kind: 'progress', progress }),
      shouldStop: () => Atomics.load(stop, 0) === 1,
    });
    reply({ kind: 'result', result });
  } catch (error) {
    if (AppError.is(error)) {
      const { code, kind, message, retriable, details } = error;
      reply({ kind: 'refused', error: { code, kind, message, retriable, details } });
    } else {
      reply({
        kind: 'failed',
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }
});
