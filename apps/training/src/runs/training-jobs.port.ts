/** What is done with the jobs of the queue. */
export interface JobHandlers {
  run(runId: string, signal: AbortSignal): Promise<void>;
  /** All tries of a run's job were used up. */
  runLost(runId: string): Promise<void>;
  checkRetrain(retrainId: string): Promise<void>;
}

/** The working side of the queue. */
export abstract class TrainingJobs {
  /** False until the queue answered for the first time. */
  abstract readonly ready: boolean;
  /** Begins to work jobs off, as soon as the database answers. Never rejects. */
  abstract begin(handlers: JobHandlers): Promise<void>;
  /** Takes no more jobs and stops those at work; they go back to the queue. */
  abstract end(): Promise<void>;
}
