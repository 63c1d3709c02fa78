import { errors } from '@steward/kernel';
import type { NodeId } from './merkle-proof';

/** Hashes, or entries, of a full tile (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
/** Levels of the tree that one tile spans. */
const TILE_HEIGHT = 8;
const MOST_ENTRY_BYTES = 0xffff;

/** A tile of hashes at a level of tiles, or a bundle of entries; partial where it has fewer than 256. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  /** 1 to 256. */
  readonly width: number;
}

/**
 * Reads the path of a tile below `tile/`: `<level or "entries">/<index>[.p/<width>]`, the index in groups of three digits,
 * all but the last with an x before them. Null for anything else: only the one spelling of a tile is an address.
 */
export function parseTilePath(path: string): Tile | null {
  const match = /^(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (!match) return null;
  const level = match[1] === 'entries' ? ('entries' as const) : Number(match[1]);
  const tile = {
    level,
    index: Number(match[2]!.replaceAll(/[x/]/g, '')),
    width: match[3] === undefined ? TILE_WIDTH : Number(match[3]),
  };
  const within = Number.isSafeInteger(tile.index) && (level === 'entries' || level <= 63);
  return within && tilePath(tile) === path ? tile : null;
}

/** The path of a tile below `tile/`. */
export function tilePath({ level, index, width }: Tile): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return `${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The first leaf of a bundle of entries or of a tile, and the one after its last. Numbers, not a promise that they exist. */
export function tileLeaves({ level, index, width }: Tile): { readonly from: number; readonly to: number } {
  const span = level === 'entries' ? 1 : TILE_WIDTH ** level;
  return { from: index * TILE_WIDTH * span, to: (index * TILE_WIDTH + width) * span };
}

/** The complete nodes whose hashes, one after the other, are the tile. */
export function tileNodes({ level, index, width }: Tile & { readonly level: number }): NodeId[] {
  return Array.from({ length: width }, (_, place) => ({
    level: level * TILE_HEIGHT,
    index: index * TILE_WIDTH + place,
  }));
}

/**
 * A bundle of entries: each with its length before it, 16 bits, big-endian. Throws AppError `AUDIT.ENTRY_TOO_LONG` for an
 * entry of more than 65,535 bytes, which the format cannot hold.
 */
export function encodeEntries(contents: readonly Uint8Array[]): Buffer {
  const parts = contents.flatMap((content) => {
    if (content.length > MOST_ENTRY_BYTES)
      throw errors.limit(
        'AUDIT.ENTRY_TOO_LONG',
        `An entry of ${content.length} bytes does not fit a bundle of entries, which holds 65,535 bytes each. Use the export.`,
      );
    const length = Buffer.alloc(2);
    length.writeUInt16BE(content.length);
    return [length, content];
  });
  return Buffer.concat(parts);
}

/** The entries of a bundle. Throws AppError `AUDIT.BAD_BUNDLE` where the last one is cut off. */
export function decodeEntries(bundle: Buffer): Buffer[] {
  const contents: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 <= bundle.length ? at + 2 + bundle.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (end > bundle.length)
      throw errors.invalid('AUDIT.BAD_BUNDLE', 'The last entry of the bundle is cut off.');
    contents.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return contents;
}
