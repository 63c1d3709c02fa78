/** Numbers of one piece of memory. Not more: whoever keeps a row, or sends it to another thread, has all of the piece. */
const PIECE = 1_024;
let piece = new Float64Array(PIECE);
let used = 0;

/**
 * A row to be filled. Float64Arrays of more than eight numbers have native memory of their own, which is found and freed one by
 * one behind each garbage collection; these share it.
 */
export function fewNumbers(length: number): Float64Array {
  if (length > PIECE / 8) return new Float64Array(length);
  if (used + length > PIECE) {
    piece = new Float64Array(PIECE);
    used = 0;
  }
  const row = piece.subarray(used, used + length);
  used += length;
  return row;
}

/** Up to here numbers are read one by one: a piece of memory of their own costs more than they do. */
export const FEW_BYTES = 512;

/** Doubles (`size` 8) or floats (4), little-endian, from `length` bytes that begin anywhere. */
export function readFew(buffer: ArrayBufferLike, at: number, length: number, size: 4 | 8): Float64Array {
  const numbers = fewNumbers(length / size);
  const view = new DataView(buffer, at, length);
  for (let index = 0; index < numbers.length; index++)
    numbers[index] = size === 8 ? view.getFloat64(index * 8, true) : view.getFloat32(index * 4, true);
  return numbers;
}
