import type { Random } from './random';

const NASTY_BYTES = [
  Buffer.alloc(1),
  Buffer.alloc(4, 0xff),
  Buffer.alloc(10, 0xff),
  Buffer.from([0x2a, 0x00, 0x2a, 0x00, 0x2a, 0x00]),
  Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]),
  Buffer.from([0xc3, 0x28, 0xed, 0xa0, 0x80]),
  Buffer.alloc(300, 0x5b),
];

/** One to four changes to bytes: bits, cuts, insertions, repetitions, parts of another message. */
export function mutateBytes(random: Random, bytes: Buffer, other: Buffer): Buffer {
  let changed = Buffer.from(bytes);
  for (let left = 1 + random.int(4); left > 0; left--) {
    const at = random.int(changed.length + 1);
    const [before, after] = [changed.subarray(0, at), changed.subarray(at)];
    switch (random.int(7)) {
      case 0:
        if (changed.length > 0) changed[random.int(changed.length)]! ^= 1 << random.int(8);
        break;
      case 1:
        changed = Buffer.from(before);
        break;
      case 2:
        changed = Buffer.concat([before, random.pick(NASTY_BYTES), after]);
        break;
      case 3:
        changed = Buffer.concat([before, after.subarray(random.int(9))]);
        break;
      case 4:
        changed = Buffer.concat([before, after.subarray(0, 50), after]);
        break;
      case 5:
        changed = Buffer.concat([before, other.subarray(random.int(other.length + 1))]);
        break;
      default:
        if (changed.length > 0) changed[random.int(changed.length)] = random.pick([0, 0x7f, 0x80, 0xff]);
    }
  }
  return changed;
}

const deep = (depth: number): unknown => (depth === 0 ? [] : [deep(depth - 1)]);

/** Values that a tensor, a shape, a name or a parameter should not be, made anew for each use. */
const NASTY_VALUES: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => -1,
  () => 0,
  () => 1.5,
  () => 2 ** 53,
  () => 1e308,
  () => Infinity,
  () => NaN,
  () => true,
  () => '',
  () => '\u0000',
  () => '__proto__',
  () => 'constructor',
  () => 'FP64',
  () => 'BYTES',
  () => 'BF16',
  () => 'subject',
  () => 'sub_0',
  () => [],
  () => ({}),
  () => ({ b64: '!' }),
  () => ({ $case: 'boolParam', boolParam: true }),
  () => deep(12),
  () => deep(400),
  (random) => 'x'.repeat(random.int(30_000)),
  (random) => '\u00e9'.repeat(random.int(300_000)),
  (random) => Array.from({ length: random.int(200) }, () => random.next()),
  (random) => random.int(20_000),
];

/** A copy in which one to three nodes are replaced, removed, doubled, renamed or swapped. */
export function mutateValue(random: Random, value: unknown): unknown {
  let changed = structuredClone(value);
  for (let left = 1 + random.int(3); left > 0; left--) changed = mutateNode(random, changed, 0);
  return changed;
}

function mutateNode(random: Random, value: unknown, depth: number): unknown {
  const nested = typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
  if (!nested || random.chance(0.15 + depth * 0.05)) return random.pick(NASTY_VALUES)(random);
  if (Array.isArray(value)) return mutateList(random, value, depth);
  const keys = Object.keys(value);
  if (keys.length === 0) return random.pick(NASTY_VALUES)(random);
  const object = value as Record<string, unknown>;
  const key = random.pick(keys);
  const way = random.next();
  if (way < 0.1) delete object[key];
  else if (way < 0.2) object[random.pick(['extra', 'constructor', 'name', 'shape', 'data'])] = object[key];
  else object[key] = mutateNode(random, object[key], depth + 1);
  return object;
}

function mutateList(random: Random, list: unknown[], depth: number): unknown[] {
  if (list.length === 0) return [random.pick(NASTY_VALUES)(random)];
  const at = random.int(list.length);
  switch (random.int(5)) {
    case 0:
      list.splice(at, 1);
      break;
    case 1:
      list.splice(at, 0, structuredClone(list[at]));
      break;
    case 2:
      list.reverse();
      break;
    default:
      list[at] = mutateNode(random, list[at], depth + 1);
  }
  return list;
}

/** JSON as Python writes it: with NaN and Infinity. */
export const looseJson = (value: unknown): string =>
  (
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'number' && !Number.isFinite(each) ? `@@${each}@@` : each,
    ) ?? 'null'
  ).replace(/"@@(-?Infinity|NaN)@@"/g, '$1');
