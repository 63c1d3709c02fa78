import { parentPort, workerData } from 'node:worker_threads';
import { LocalArtifactStore } from '@steward/artifacts';
import { ObjectStoreDeltaTables, SystemColumns } from '@steward/delta';
import { executeExperiment } from './execute-experiment';
import { toWorkerError, type WorkerMessage, type WorkerTask } from './worker-messages';

/** Entry of the training thread: one task, then it ends. Learning blocks this thread and no other. */
async function work(task: WorkerTask, say: (message: WorkerMessage) => void): Promise<void> {
  try {
    const artifacts = new LocalArtifactStore(task.artifactsFolder);
    const tables = new ObjectStoreDeltaTables(artifacts.objects);
    const stores = { artifacts, tables, system: SystemColumns };
    const model = await executeExperiment(task.request, stores, (progress) =>
      say({ kind: 'progress', progress }),
    );
    say({ kind: 'done', model });
  } catch (error) {
    say({ kind: 'failed', error: toWorkerError(error) });
  }
}

const port = parentPort;
if (port) void work(workerData as WorkerTask, (message) => port.postMessage(message));
