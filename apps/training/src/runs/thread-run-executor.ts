import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { errors, type AppError } from '@steward/kernel';
import type { TrainedModel } from '../experiment/trained-model';
import { RunExecutor, type ExecutionControl, type ExecutionRequest } from './run-executor.port';
import { fromWorkerError, type WorkerMessage, type WorkerTask } from './worker-messages';

/** The worker's file, built or as source (tests run it with a loader given by `execArgv`). */
const WORKER = join(__dirname, `local-training-worker${extname(__filename)}`);

/** Trains in a thread of its own, so that the service goes on answering, and the thread can be ended at any moment. */
@Injectable()
export class ThreadRunExecutor extends RunExecutor {
  constructor(
    private readonly artifactsFolder: string,
    private readonly execArgv?: string[],
  ) {
    super();
  }

  async execute(request: ExecutionRequest, control: ExecutionControl): Promise<TrainedModel> {
    if (control.signal.aborted) throw stopped();
    const workerData: WorkerTask = { artifactsFolder: this.artifactsFolder, request };
    const worker = new Worker(WORKER, { workerData, execArgv: this.execArgv });
    const abort = () => void worker.terminate();
    control.signal.addEventListener('abort', abort, { once: true });
    try {
      return await outcomeOf(worker, control);
    } finally {
      control.signal.removeEventListener('abort', abort);
      await worker.terminate();
    }
  }
}

function outcomeOf(worker: Worker, control: ExecutionControl): Promise<TrainedModel> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') control.onProgress(message.progress);
      else if (message.kind === 'done') resolve(message.model);
      else reject(fromWorkerError(message.error));
    });
    worker.on('error', (error) => reject(threadDied(error)));
    worker.on('exit', () => reject(control.signal.aborted ? stopped() : threadDied(undefined)));
  });
}

/** Running out of memory ends the thread too: trying again will not help. */
function threadDied(cause: unknown): AppError {
  return errors.internal(
    'TRAINING.THREAD_DIED',
    'The training thread ended by itself, perhaps for lack of memory.',
    {
      cause,
    },
  );
}

function stopped(): AppError {
  return errors.unavailable('TRAINING.RUN_STOPPED', 'The training was stopped before it was done.');
}
