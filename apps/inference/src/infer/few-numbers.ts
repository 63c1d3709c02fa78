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
