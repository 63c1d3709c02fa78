/** Where and how much of the prediction log may wait; an injection token. */
export class PredictionLogConfig {
  constructor(
    /** The folder of this machine's spools. */
    readonly folder: string,
    /** Most bytes that wait in a process's memory. */
    readonly memoryBytes: number,
    /** Most bytes that wait on the disk, for each process. */
    readonly spoolBytes: number,
  ) {}
}
