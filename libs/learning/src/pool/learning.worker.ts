import { AppError } from '@steward/kernel';
import { parentPort } from 'node:worker_threads';
import { BinCache } from '../binning/bin-cache';
import type { FitProgress } from '../learner/progress';
import { runFitJob } from './fit-job';
import type { WorkerTask } from './worker-task';
import type { WorkerReply } from './worker-reply';

const port = parentPort;
const cache = new BinCache();

port?.on('message', ({ job, stop, rows }: WorkerTask) => {
  const reply = (message: WorkerReply): void => port.postMessage(message);
  try {
    const control = {
      onProgress: (progress: FitProgress) => reply({ kind: 'progress', progress }),
      shouldStop: () => Atomics.load(stop, 0) === 1,
    };
    const result = runFitJob(job, control, rows === undefined ? undefined : { cache, rows });
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
