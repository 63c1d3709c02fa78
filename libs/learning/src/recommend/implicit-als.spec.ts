import { Random } from '../random/random';
import { fitImplicitAls, type Interactions, recommend } from './implicit-als';

/** Users and items of four tastes; most interactions are within a taste, a third of those that would be are held out. */
function tastes() {
  const random = new Random(6);
  const [users, items] = [120, 80];
  const kept: [number, number, number][] = [];
  const heldOut: [number, number][] = [];
  for (let u = 0; u < users; u++) {
    for (let i = 0; i < items; i++) {
      const likes = u % 4 === i % 4;
      if (random.next() > (likes ? 0.5 : 0.02)) continue;
      if (likes && random.next() < 0.33) heldOut.push([u, i]);
      else kept.push([u, i, 1 + random.below(3)]);
    }
  }
  const data: Interactions = {
    users,
    items,
    user: Int32Array.from(kept, ([u]) => u),
    item: Int32Array.from(kept, ([, i]) => i),
    strength: Float64Array.from(kept, ([, , s]) => s),
  };
  return { data, kept, heldOut };
}

describe('implicit ALS', () => {
  const { data, kept, heldOut } = tastes();
  const model = fitImplicitAls(data, { factors: 8, iterations: 10 }, { seed: 1 });

  it('recommends what users would have liked', () => {
    let hits = 0;
    for (const [user, item] of heldOut) {
      const seen = new Set(kept.filter(([u]) => u === user).map(([, i]) => i));
      if (recommend(model, user, 15, seen).some((candidate) => candidate.item === item)) hits++;
    }
    // By chance it would be 15 of about 70.
    expect(hits / heldOut.length).toBeGreaterThan(0.6);
  });

  it('solves each row exactly: the gradient of its loss is zero', () => {
    const { factors, users, items } = model;
    // Items were solved last: check one of them against all users.
    const item = 5;
    const strength = new Map(kept.filter(([, i]) => i === item).map(([u, , s]) => [u, s]));
    for (let f = 0; f < factors; f++) {
      let gradient = 0.1 * items[item * factors + f]!;
      for (let u = 0; u < data.users; u++) {
        let score = 0;
        for (let k = 0; k < factors; k++) score += users[u * factors + k]! * items[item * factors + k]!;
        const s = strength.get(u);
        gradient += (1 + 40 * (s ?? 0)) * (score - (s ? 1 : 0)) * users[u * factors + f]!;
      }
      expect(gradient).toBeCloseTo(0, 8);
    }
  });

  it('is the same for the same seed, and refuses what is out of range', () => {
    expect(fitImplicitAls(data, { factors: 8, iterations: 10 }, { seed: 1 })).toEqual(model);
    const bad = { ...data, user: data.user.map(() => 120) };
    expect(() => fitImplicitAls(bad)).toThrow(/within range/);
    expect(() => recommend(model, 120, 1)).toThrow(/no user 120/);
    expect(() => fitImplicitAls(data, { factors: 0 })).toThrow(/"factors" of implicit-als/);
  });
});
