import type { ServerStream } from './server-stream';

/** Twice what most callers have in flight on a connection; a power of two. */
const PLACES = 256;

/**
 * The streams of a connection that are not over, by number. Each has a place by its number, and a map takes those whose
 * place another one still has: entries of a map that come and go with each call leave garbage in the old generation, where
 * the map itself is.
 */
export class OpenStreams {
  private readonly places: (ServerStream | null)[] = [];
  private readonly others = new Map<number, ServerStream>();
  private placed = 0;

  get size(): number {
    return this.placed + this.others.size;
  }

  get(id: number): ServerStream | null {
    const stream = this.places[placeOf(id)];
    if (stream?.id === id) return stream;
    return this.others.size === 0 ? null : (this.others.get(id) ?? null);
  }

  /** One that is not among them. */
  add(stream: ServerStream): void {
    const place = placeOf(stream.id);
    // In order, so that the array has no holes.
    while (this.places.length <= place) this.places.push(null);
    if (this.places[place] !== null) this.others.set(stream.id, stream);
    else {
      this.places[place] = stream;
      this.placed += 1;
    }
  }

  remove(stream: ServerStream): void {
    const place = placeOf(stream.id);
    if (this.places[place] !== stream) this.others.delete(stream.id);
    else {
      this.places[place] = null;
      this.placed -= 1;
    }
  }

  /** As they are now: they may be removed meanwhile. */
  values(): ServerStream[] {
    return [...this.places, ...this.others.values()].filter((stream) => stream !== null);
  }
}

/** Numbers of streams that clients open are odd. */
const placeOf = (id: number): number => (id >> 1) & (PLACES - 1);
