import type { BinnedData } from './binned-data';

/** Bins made before from the same rows, or made now. `key` names all that they depend on beside the rows. */
export type BinSource = (key: string, make: () => BinnedData) => BinnedData;

/** Most bytes of bins that a thread keeps. */
const MOST_BYTES = 2 ** 27;

/**
 * Bins of rows that are learned from more than once: by the trials of a search on the same fold, by the jobs of a
 * forest. Those used longest ago are dropped. Nobody may write to what it hands out.
 */
export class BinCache {
  private readonly kept = new Map<string, BinnedData>();
  private bytes = 0;

  constructor(private readonly mostBytes = MOST_BYTES) {}

  /** Bins of the rows that `rows` names. */
  of(rows: string): BinSource {
    return (key, make) => this.get(`${rows} ${key}`, make);
  }

  private get(key: string, make: () => BinnedData): BinnedData {
    const found = this.kept.get(key);
    const data = found ?? make();
    if (!found) this.bytes += data.bins.length;
    // What was used last stands last.
    this.kept.delete(key);
    this.kept.set(key, data);
    for (const [oldest, { bins }] of this.kept) {
      if (this.bytes <= this.mostBytes) break;
      this.kept.delete(oldest);
      this.bytes -= bins.length;
    }
    return data;
  }
}
