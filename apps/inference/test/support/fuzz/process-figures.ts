/** What a process says of itself, now and then. */
export interface Figures {
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly openFiles: number;
  /** Connections of its callers, and its own to others. */
  readonly sockets: number;
  readonly cpuSeconds: number;
  /** Longest that the event loop was held up since the last look. */
  readonly heldUpSeconds: number;
}

/** Reads the figures of a process from its metrics, and keeps them. */
export class ProcessFigures {
  readonly seen: Figures[] = [];

  constructor(private readonly url: string) {}

  async look(): Promise<Figures> {
    const answer = await fetch(`${this.url}/metrics`, { headers: { connection: 'close' } });
    const text = await answer.text();
    const figure = (name: string, label = ''): number => {
      const line = text.split('\n').find((each) => each.startsWith(`${name}{`) && each.includes(label));
      return Number(line?.split(' ').at(-1) ?? 0);
    };
    const now = {
      residentBytes: figure('process_resident_memory_bytes'),
      heapBytes: figure('nodejs_heap_size_used_bytes'),
      openFiles: figure('process_open_fds'),
      sockets: figure('nodejs_active_resources', 'type="TCPSocketWrap"'),
      cpuSeconds: figure('process_cpu_seconds_total'),
      heldUpSeconds: figure('nodejs_eventloop_lag_max_seconds'),
    };
    this.seen.push(now);
    return now;
  }
}

/**
 * By what share the peak in the last third is above that in the second one: of what rises between two full garbage
 * collections and falls at each, and of what the allocator keeps of it.
 */
export function peakGrowth(seen: readonly Figures[], of: (figures: Figures) => number): number {
  const third = Math.floor(seen.length / 3);
  const highest = (from: number, to: number): number => Math.max(...seen.slice(from, to).map(of));
  return highest(seen.length - third, seen.length) / highest(third, seen.length - third) - 1;
}
