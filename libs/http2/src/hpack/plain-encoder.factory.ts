import { huffmanEncode } from './huffman-encode.factory';
import { STATIC_TABLE } from './static-table';

/** A step of an encoder; where it has an index, that is brought into the range of the tables as they are by then. */
export type Step =
  | { readonly kind: 'indexed'; readonly index: number }
  | {
      readonly kind: 'literal';
      readonly indexing: 'incremental' | 'without' | 'never';
      /** A number: the name of that entry. */
      readonly name: string | number;
      readonly value: string;
      readonly huffman: boolean;
    };

const INDEXING = { incremental: [0x40, 0x3f], without: [0x00, 0x0f], never: [0x10, 0x0f] } as const;

/** The oracle of the tests: an encoder of blocks written down as RFC 7541 says it, without any speed. */
export class PlainEncoder {
  /** The dynamic table, the newest entry first. */
  entries: (readonly [name: string, value: string])[] = [];

  constructor(private limit: number) {}

  /** A block, after a table size update where `limit` is given, and the fields that a decoder finds in it. */
  encode(steps: readonly Step[], limit?: number): { block: Buffer; fields: string[] } {
    const octets: number[] = [];
    if (limit !== undefined) {
      octets.push(...plainInteger(0x20, 0x1f, limit));
      this.limit = limit;
      this.evict();
    }
    const fields = steps.flatMap((step) => this.step(step, octets));
    return { block: Buffer.from(octets), fields };
  }

  get bytes(): number {
    return this.entries.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
  }

  private step(step: Step, octets: number[]): readonly string[] {
    const all = [...STATIC_TABLE, ...this.entries];
    if (step.kind === 'indexed') {
      const at = step.index % all.length;
      octets.push(...plainInteger(0x80, 0x7f, at + 1));
      return all[at]!;
    }
    const [first, mask] = INDEXING[step.indexing];
    const at = typeof step.name === 'number' ? step.name % all.length : -1;
    octets.push(...plainInteger(first, mask, at + 1));
    const name = typeof step.name === 'number' ? all[at]![0] : step.name;
    if (at < 0) octets.push(...plainString(name, step.huffman));
    octets.push(...plainString(step.value, step.huffman));
    if (step.indexing === 'incremental') {
      this.entries.unshift([name, step.value]);
      this.evict();
    }
    return [name, step.value];
  }

  private evict(): void {
    while (this.bytes > this.limit) this.entries.pop();
  }
}

/** RFC 7541, section 5.1. */
export function plainInteger(first: number, mask: number, value: number): number[] {
  if (value < mask) return [first + value];
  const octets = [first + mask];
  let left = value - mask;
  for (; left >= 128; left = Math.floor(left / 128)) octets.push(128 + (left % 128));
  return [...octets, left];
}

/** RFC 7541, section 5.2. */
export function plainString(text: string, huffman = false): number[] {
  const octets = Buffer.from(text, 'latin1');
  const encoded = huffman ? huffmanEncode(octets) : octets;
  return [...plainInteger(huffman ? 0x80 : 0, 0x7f, encoded.length), ...encoded];
}
