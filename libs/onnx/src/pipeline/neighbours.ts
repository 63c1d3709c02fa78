const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The least double above `value`; Infinity and NaN stay. */
export function nextUp(value: number): number {
  if (Number.isNaN(value) || value === Infinity) return value;
  if (value === 0) return Number.MIN_VALUE;
  double[0] = value;
  bits[0] = bits[0]! + (value > 0 ? 1n : -1n);
  return double[0];
}

/** The greatest double below `value`; -Infinity and NaN stay. */
export function nextDown(value: number): number {
  return -nextUp(-value);
}

const float = new Float32Array(1);
const floatBits = new Int32Array(float.buffer);

/** The greatest float32 below `value`, which is a float32; -Infinity and NaN stay. */
export function nextFloatDown(value: number): number {
  if (Number.isNaN(value) || value === -Infinity) return value;
  if (value === 0) return -1.401298464324817e-45;
  float[0] = value;
  floatBits[0] = floatBits[0]! + (value > 0 ? -1 : 1);
  return float[0];
}

const FLOAT_OVERFLOW = 2 ** 128;

/**
 * The greatest double that is at most `threshold` (a float32) once rounded to a float32. A comparison of doubles
 * with it answers as float32 arithmetic does: rounding is monotone, so no value has to be rounded when scoring.
 */
export function widenedThreshold(threshold: number): number {
  if (threshold === Infinity) return Infinity;
  const above = -nextFloatDown(-threshold);
  const from = threshold === -Infinity ? -FLOAT_OVERFLOW : threshold;
  const middle = (from + (above === Infinity ? FLOAT_OVERFLOW : above)) / 2;
  return Math.fround(middle) <= threshold ? middle : nextDown(middle);
}

/** Where doubles stand in their order, as an integer: neighbours differ by one, and both zeros are 0. */
function placeOf(value: number): bigint {
  double[0] = Math.abs(value);
  return value < 0 ? -bits[0]! : bits[0]!;
}

function doubleAt(place: bigint): number {
  bits[0] = place < 0n ? -place : place;
  return place < 0n ? -double[0]! : double[0]!;
}

/**
 * The greatest double for which a test holds that never holds again once it has failed; -Infinity if it holds for none.
 * Bisection over the doubles in their order: 64 calls at most.
 */
export function lastDouble(holds: (value: number) => boolean): number {
  if (holds(Infinity)) return Infinity;
  let [low, high] = [placeOf(-Infinity), placeOf(Infinity)];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (holds(doubleAt(middle))) low = middle;
    else high = middle;
  }
  return doubleAt(low);
}
