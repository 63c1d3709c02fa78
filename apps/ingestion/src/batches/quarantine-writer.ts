import { QUARANTINE_CHUNK, type BatchFiles, type QuarantinedRow } from './batch-files';
import { RuleCounts } from './checked-batch';

/** Collects the refused rows of one batch in order and keeps them in files of bounded size. */
export class QuarantineWriter {
  readonly counts = new RuleCounts();
  private held: QuarantinedRow[] = [];
  private chunks = 0;

  constructor(
    private readonly files: BatchFiles,
    private readonly batchId: string,
  ) {}

  async add(row: QuarantinedRow): Promise<void> {
    this.counts.add(row.rule);
    this.held.push(row);
    if (this.held.length >= QUARANTINE_CHUNK) await this.flush();
  }

  /** To be called once after the last row. */
  async flush(): Promise<void> {
    if (this.held.length === 0) return;
    await this.files.putQuarantine(this.batchId, this.chunks, this.held);
    this.chunks += 1;
    this.held = [];
  }
}
