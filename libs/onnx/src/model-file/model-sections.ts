import { errors } from '@steward/kernel';

/** The typed arrays that a model file can hold, by the name they have in its header. */
const KINDS = {
  f64: Float64Array,
  i32: Int32Array,
  u32: Uint32Array,
  u8: Uint8Array,
} as const;

type Kind = keyof typeof KINDS;
export type Section = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** Where a section stands in the body. */
export interface SectionEntry {
  readonly name: string;
  readonly kind: Kind;
  readonly length: number;
  readonly offset: number;
}

/** Sections begin at multiples of this, so that they can be read in place. */
const ALIGNMENT = 8;

const padded = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

function kindOf(section: Section): Kind {
  if (section instanceof Float64Array) return 'f64';
  if (section instanceof Int32Array) return 'i32';
  return section instanceof Uint32Array ? 'u32' : 'u8';
}

/** Lays typed arrays one after the other, little-endian, and lists where they stand. */
export function packSections(sections: Readonly<Record<string, Section>>): {
  entries: SectionEntry[];
  body: Uint8Array;
} {
  let offset = 0;
  const entries = Object.entries(sections).map(([name, section]) => {
    const entry = { name, kind: kindOf(section), length: section.length, offset };
    offset += padded(section.byteLength);
    return entry;
  });
  const body = new Uint8Array(offset);
  for (const { name, offset: at } of entries) {
    const section = sections[name]!;
    body.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), at);
  }
  return { entries, body };
}

/** Finds sections by name in the body of a model file; every one is copied out, so it can be kept. */
export class SectionReader {
  private readonly entries: ReadonlyMap<string, SectionEntry>;

  constructor(
    entries: readonly SectionEntry[],
    private readonly body: Uint8Array,
  ) {
    this.entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  f64(name: string): Float64Array {
    return new Float64Array(this.buffer(name, 'f64'));
  }

  i32(name: string): Int32Array {
    return new Int32Array(this.buffer(name, 'i32'));
  }

  u32(name: string): Uint32Array {
    return new Uint32Array(this.buffer(name, 'u32'));
  }

  u8(name: string): Uint8Array {
    return new Uint8Array(this.buffer(name, 'u8'));
  }

  private buffer(name: string, kind: Kind): ArrayBuffer {
    const entry = this.entries.get(name);
    if (entry?.kind !== kind) throw damaged(`it has no section ${name} of kind ${kind}`);
    const end = entry.offset + entry.length * KINDS[kind].BYTES_PER_ELEMENT;
    if (!(entry.offset >= 0 && entry.length >= 0 && end <= this.body.length)) {
      throw damaged(`the section ${name} lies outside the file`);
    }
    return new Uint8Array(this.body.subarray(entry.offset, end)).buffer;
  }
}

/** The error of a model file that cannot be read. */
export function damaged(why: string, cause?: unknown) {
  return errors.invalid('ONNX.BAD_MODEL_FILE', `This is not a whole Steward model file: ${why}.`, { cause });
}
