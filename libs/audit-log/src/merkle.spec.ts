import fc from 'fast-check';
import {
  CompactRange,
  completeNodes,
  consistencyRanges,
  EMPTY_ROOT,
  foldNodes,
  hashChildren,
  hashLeaf,
  inclusionRanges,
  verifyConsistency,
  verifyInclusion,
  type LeafRange,
} from './index';

/** The inputs and roots of the reference test tree of certificate-transparency-go (RFC 6962 trees of size 1 to 8). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leaves = LEAVES.map((hex) => hashLeaf(Buffer.from(hex, 'hex')));

/** The definition of RFC 6962 §2.1 word for word, as the oracle. */
function mth(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) return EMPTY_ROOT;
  if (hashes.length === 1) return hashes[0]!;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return hashChildren(mth(hashes.slice(0, split)), mth(hashes.slice(split)));
}

const rangeHash = (all: readonly Buffer[], range: LeafRange): Buffer =>
  foldNodes(
    completeNodes(range).map(({ level, index }) =>
      mth(all.slice(index * 2 ** level, (index + 1) * 2 ** level)),
    ),
  );

const grown = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, n) => hashLeaf(Buffer.from(`entry ${n}`)));

describe('the Merkle tree of RFC 6962', () => {
  it('has the known root at every size', () => {
    const tree = new CompactRange();
    expect(tree.root().toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    leaves.forEach((leaf, n) => {
      tree.append(leaf);
      expect(tree.root().toString('hex')).toBe(ROOTS[n]);
    });
  });

  it('has the known audit paths', () => {
    const path = (index: number, size: number) =>
      inclusionRanges(index, size).map((range) => rangeHash(leaves, range).toString('hex'));
    expect(path(0, 8)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(path(2, 3)).toEqual(['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']);
  });

  it('has the known consistency proofs', () => {
    const path = (from: number, to: number) =>
      consistencyRanges(from, to).map((range) => rangeHash(leaves, range).toString('hex'));
    expect(path(1, 1)).toEqual([]);
    expect(path(6, 8)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('goes on from its subtrees, and names each node that it completes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 60 }), (before, more) => {
        const all = grown(before + more);
        const first = new CompactRange();
        all.slice(0, before).forEach((leaf) => first.append(leaf));
        const second = new CompactRange(first.size, first.hashes);
        all
          .slice(before)
          .forEach((leaf) =>
            second.append(leaf, ({ level, index, hash }) =>
              expect(hash.equals(mth(all.slice(index * 2 ** level, (index + 1) * 2 ** level)))).toBe(true),
            ),
          );
        expect(second.root().equals(mth(all))).toBe(true);
      }),
      { numRuns: 50 },
    );
    expect(() => new CompactRange(3, [EMPTY_ROOT])).toThrow(/subtrees/);
  });

  it('proves each entry, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 130 }), fc.nat(), (size, at) => {
        const all = grown(size);
        const index = at % size;
        const path = inclusionRanges(index, size).map((range) => rangeHash(all, range));
        const proof = { index, size, leaf: all[index]!, path, root: mth(all) };
        expect(verifyInclusion(proof)).toBe(true);
        expect(verifyInclusion({ ...proof, leaf: hashLeaf(Buffer.from('other')) })).toBe(false);
        expect(verifyInclusion({ ...proof, path: [...path, EMPTY_ROOT] })).toBe(false);
        expect(verifyInclusion({ ...proof, index: size })).toBe(false);
        if (size > 1) expect(verifyInclusion({ ...proof, index: (index + 1) % size })).toBe(false);
        if (size > 1) expect(verifyInclusion({ ...proof, path: path.slice(1) })).toBe(false);
      }),
    );
  });

  it('proves that one tree continues another, and refuses a rewritten one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 0, max: 60 }), (oldSize, more) => {
        const all = grown(oldSize + more);
        const path = consistencyRanges(oldSize, all.length).map((range) => rangeHash(all, range));
        const proof = {
          oldSize,
          newSize: all.length,
          oldRoot: mth(all.slice(0, oldSize)),
          newRoot: mth(all),
          path,
        };
        expect(verifyConsistency(proof)).toBe(true);
        const rewritten = mth([hashLeaf(Buffer.from('other')), ...all.slice(1)]);
        expect(verifyConsistency({ ...proof, newRoot: rewritten })).toBe(false);
        expect(verifyConsistency({ ...proof, oldRoot: rewritten.subarray() })).toBe(false);
        expect(verifyConsistency({ ...proof, path: [...path, EMPTY_ROOT] })).toBe(false);
      }),
    );
    expect(() => consistencyRanges(3, 2)).toThrow(/earlier state/);
  });
});
