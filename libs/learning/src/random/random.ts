/**
 * A small seeded generator (xoshiro128**, Blackman and Vigna 2018, seeded by splitmix32): the same numbers on every
 * machine for the same seed. Not for secrets.
 */
export class Random {
  private readonly state = new Uint32Array(4);

  constructor(seed: number) {
    let x = (seed ^ Math.floor(seed / 4294967296)) >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.state[i] = (z ^ (z >>> 15)) >>> 0;
    }
  }

  /** 32 random bits as an unsigned integer. */
  uint32(): number {
    const s = this.state;
    const s1 = s[1]!;
    let x = Math.imul(s1, 5);
    x = Math.imul((x << 7) | (x >>> 25), 9);
    s[2]! ^= s[0]!;
    s[3]! ^= s1;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= s1 << 9;
    const t = s[3]!;
    s[3] = (t << 11) | (t >>> 21);
    return x >>> 0;
  }

  /** A double in [0, 1) with 53 random bits. */
  next(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** A standard normal number (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** Shuffles in place (Fisher and Yates) and returns its argument. */
  shuffle<T extends Int32Array | unknown[]>(values: T): T {
    const list = values as unknown[];
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [list[i], list[j]] = [list[j], list[i]];
    }
    return values;
  }

  /** `count` different integers of [0, bound), ascending (selection sampling, Knuth's algorithm S). */
  sample(count: number, bound: number): Int32Array {
    const out = new Int32Array(Math.min(count, bound));
    let chosen = 0;
    for (let i = 0; chosen < out.length; i++) {
      if (this.next() * (bound - i) < out.length - chosen) out[chosen++] = i;
    }
    return out;
  }
}

/** A seed for part `index` of a task seeded by `seed`, so that parts are independent of the order they run in. */
export function deriveSeed(seed: number, index: number): number {
  return new Random(seed ^ Math.imul(index + 1, 0x9e3779b1)).uint32();
}
