import {
  CompactRange,
  hashLeaf,
  inclusionRanges,
  consistencyRanges,
  LogKey,
  signCheckpoint,
} from '@steward/audit-log';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { verifyEntry, type Claims } from './verify-entry';

const key = LogKey.generate('steward/test');
const entries = Array.from({ length: 21 }, (_, n) => ({ n, action: 'run.start', text: `näme ${n} <b>` }));
const leaves = entries.map((entry) => hashLeaf(Buffer.from(canonicalize(entry)!)));

function rootOf(from: number, to: number): Buffer {
  const tree = new CompactRange();
  for (const leaf of leaves.slice(from, to)) tree.append(leaf);
  return tree.root();
}

function headOf(size: number, by = key) {
  const head = { size, root: rootOf(0, size), time: '2026-01-01T00:00:00.000Z' };
  return { size, root: head.root.toString('hex'), checkpoint: signCheckpoint(head, by) };
}

const hashes = (ranges: { from: number; to: number }[]) =>
  ranges.map(({ from, to }) => rootOf(from, to).toString('hex'));

function claims(index: number, size: number, seenSize?: number): Claims {
  return {
    publicKey: key.verifier.text,
    proof: {
      index,
      leaf: leaves[index]!.toString('hex'),
      entry: entries[index],
      path: hashes(inclusionRanges(index, size)),
      head: headOf(size),
    },
    seen:
      seenSize === undefined
        ? null
        : { size: seenSize, root: rootOf(0, seenSize).toString('hex'), key: key.verifier.text },
    consistency: seenSize === undefined ? null : hashes(consistencyRanges(seenSize, size)),
  };
}

const failed = async (of: Claims) =>
  (await verifyEntry(of)).checks.filter(({ holds }) => !holds).map(({ what }) => what);

it('accepts what the log itself proves, for every entry and size, and every head seen before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 21 }),
      fc.nat(20),
      fc.integer({ min: 1, max: 21 }),
      async (size, at, seen) => {
        const found = await verifyEntry(claims(at % size, size, Math.min(seen, size)));
        expect(found).toMatchObject({ holds: true, head: { size } });
      },
    ),
    { numRuns: 80 },
  );
});

it('finds what was changed', async () => {
  const good = claims(5, 21, 8);
  expect(
    await failed({ ...good, proof: { ...good.proof, entry: { ...entries[5], action: 'other' } } }),
  ).toEqual(['Content']);
  expect(await failed({ ...good, proof: { ...good.proof, index: 6 } })).toEqual(['Place']);
  expect(await failed({ ...good, proof: { ...good.proof, path: good.proof.path.slice(1) } })).toEqual([
    'Place',
  ]);
  const thief = LogKey.generate('steward/test');
  expect(await failed({ ...good, proof: { ...good.proof, head: headOf(21, thief) } })).toEqual(['Signature']);
  expect(await failed({ ...good, publicKey: thief.verifier.text })).toEqual(['Signature', 'Continuation']);
  expect(await failed({ ...good, seen: { ...good.seen!, root: 'ab'.repeat(32) } })).toEqual(['Continuation']);
  expect(await failed({ ...good, seen: { ...good.seen!, size: 30 } })).toEqual(['Continuation']);
  expect(await failed({ ...good, consistency: null })).toEqual(['Continuation']);
  expect((await verifyEntry({ ...good, publicKey: 'no key' })).head).toBeNull();
});
