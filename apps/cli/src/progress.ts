import type { Output } from './terminal';
import { visibleText } from './visible-text';

const FRAMES = ['|', '/', '-', '\\'];
const EVERY_MS = 100;
/** What is over sooner shows nothing. */
const PATIENCE_MS = 400;
const WIDTH = 24;

/** Shows that something goes on, and how far it is. On a terminal only: logs and pipes stay clean. */
export class Progress {
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly since = Date.now();
  private frame = 0;
  private shown = false;
  private share: number | null = null;

  constructor(
    private readonly output: Output,
    private label: string,
  ) {
    if (output.isTTY !== true) return;
    this.timer = setInterval(() => this.draw(), EVERY_MS);
    this.timer.unref();
  }

  /** @param done where the end is known: how much of it is done, 0 to 1. */
  update(label: string, done: number | null = null): void {
    this.label = label;
    this.share = done;
  }

  end(): void {
    clearInterval(this.timer);
    if (this.shown) this.output.write('\r\u001b[2K');
  }

  /** Shows progress while the work goes on, whatever its end. */
  async during<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
    try {
      return await work(this);
    } finally {
      this.end();
    }
  }

  private draw(): void {
    if (Date.now() - this.since < PATIENCE_MS) return;
    this.shown = true;
    this.frame = (this.frame + 1) % FRAMES.length;
    this.output.write(
      `\r\u001b[2K${line(this.label, this.share, FRAMES[this.frame]!, this.output.columns || 80)}`,
    );
  }
}

/** One line that never wraps. */
export function line(label: string, share: number | null, frame: string, columns: number): string {
  const text = visibleText(label).replaceAll('\n', ' ');
  if (share === null) return `${frame} ${text}`.slice(0, columns - 1);
  const filled = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
  return `${bar} ${text}`.slice(0, columns - 1);
}
