/** The protocols' datatypes and the bytes of one element; BYTES elements vary. */
export const ELEMENT_BYTES = {
  BOOL: 1,
  UINT8: 1,
  UINT16: 2,
  UINT32: 4,
  UINT64: 8,
  INT8: 1,
  INT16: 2,
  INT32: 4,
  INT64: 8,
  FP16: 2,
  BF16: 2,
  FP32: 4,
  FP64: 8,
  BYTES: 0,
} as const;
export type Datatype = keyof typeof ELEMENT_BYTES;
export type NumberDatatype = Exclude<Datatype, 'BYTES'>;

export const isDatatype = (name: string): name is Datatype => Object.hasOwn(ELEMENT_BYTES, name);

/** Smallest and largest whole number that a datatype holds. */
const RANGES: Partial<Record<Datatype, readonly [number, number]>> = {
  BOOL: [0, 1],
  UINT8: [0, 255],
  UINT16: [0, 65_535],
  UINT32: [0, 2 ** 32 - 1],
  UINT64: [0, 2 ** 64],
  INT8: [-128, 127],
  INT16: [-32_768, 32_767],
  INT32: [-(2 ** 31), 2 ** 31 - 1],
  INT64: [-(2 ** 63), 2 ** 63],
};

/** Rounds to `bits` of significand (half to even), as a floating-point format with that smallest exponent does. */
function round(value: number, bits: number, smallestExponent: number, largest: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), smallestExponent);
  const unit = 2 ** (exponent - bits + 1);
  // Both steps are exact: the unit is a power of two, and adding 2^52 rounds to a whole number, half to even.
  const steps = Math.abs(value) / unit;
  const rounded = (steps < 2 ** 52 ? steps + 2 ** 52 - 2 ** 52 : steps) * unit;
  return Math.sign(value) * (rounded > largest ? Infinity : rounded);
}

/** A floating-point number as its datatype holds it: a value in JSON is the same number as its raw bytes. */
export const FLOATS: Partial<Record<Datatype, (value: number) => number>> = {
  FP16: (value) => round(value, 11, -14, 65_504),
  BF16: (value) => round(value, 8, -126, (2 - 2 ** -7) * 2 ** 127),
  FP32: Math.fround,
  FP64: (value) => value,
};

/** True if a whole number fits. Beyond 2^53 whole numbers are taken as the nearest double, as the scorer holds them. */
export function holds(datatype: Datatype, value: number): boolean {
  const range = RANGES[datatype];
  return range !== undefined && Number.isInteger(value) && value >= range[0] && value <= range[1];
}

/** IEEE 754 half precision to double. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16, the upper half of a single, to double. */
export function bfloat(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

const whole = (view: ArrayLike<bigint>): Float64Array => Float64Array.from(view, Number);

/** Reads elements from bytes that begin at a multiple of their size. Every platform of Node.js is little-endian. */
export const READERS: Record<
  NumberDatatype,
  (buffer: ArrayBufferLike, at: number, elements: number) => Float64Array
> = {
  BOOL: (buffer, at, n) => Float64Array.from(new Uint8Array(buffer, at, n), (byte) => (byte === 0 ? 0 : 1)),
  UINT8: (buffer, at, n) => new Float64Array(new Uint8Array(buffer, at, n)),
  UINT16: (buffer, at, n) => new Float64Array(new Uint16Array(buffer, at, n)),
  UINT32: (buffer, at, n) => new Float64Array(new Uint32Array(buffer, at, n)),
  UINT64: (buffer, at, n) => whole(new BigUint64Array(buffer, at, n)),
  INT8: (buffer, at, n) => new Float64Array(new Int8Array(buffer, at, n)),
  INT16: (buffer, at, n) => new Float64Array(new Int16Array(buffer, at, n)),
  INT32: (buffer, at, n) => new Float64Array(new Int32Array(buffer, at, n)),
  INT64: (buffer, at, n) => whole(new BigInt64Array(buffer, at, n)),
  FP16: (buffer, at, n) => Float64Array.from(new Uint16Array(buffer, at, n), half),
  BF16: (buffer, at, n) => Float64Array.from(new Uint16Array(buffer, at, n), bfloat),
  FP32: (buffer, at, n) => new Float64Array(new Float32Array(buffer, at, n)),
  FP64: (buffer, at, n) => new Float64Array(new Float64Array(buffer, at, n)),
};
