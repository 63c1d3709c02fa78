import {
  canonicalJson,
  checkpointLine,
  CompactRange,
  completeNodes,
  cosign,
  entryLine,
  EXCERPT_FORMAT,
  foldNodes,
  hashLeaf,
  headerLine,
  inclusionRanges,
  LogKey,
  proofLine,
  signCheckpoint,
  verifyExcerpt,
} from './index';
import { someEntries } from './bundle.factory';

const KEY = LogKey.generate('steward/test');
const WITNESS = LogKey.generate('witness.test/w1', 'witness');

/** Lines of an excerpt with these entries of a log of eleven. */
function excerpt(chosen: readonly number[], key = KEY, cosigned = true): string[] {
  const entries = someEntries(11).map((entry, index) => {
    const content = canonicalJson(entry);
    return { content, index, leaf: hashLeaf(content) };
  });
  const rootOf = (from: number, to: number): Buffer => {
    const tree = new CompactRange();
    for (const { leaf } of entries.slice(from, to)) tree.append(leaf);
    return tree.root();
  };
  const head = { size: 11, root: rootOf(0, 11), time: '2026-01-01T00:00:00.000Z' };
  const note = signCheckpoint(head, key);
  return [
    headerLine(key.verifier, EXCERPT_FORMAT),
    checkpointLine(cosigned ? note + cosign(note, WITNESS, 1_700_000_000) : note),
    ...chosen.flatMap((index) => {
      const path = inclusionRanges(index, 11).map((range) =>
        foldNodes(
          completeNodes(range).map(({ level, index: at }) => rootOf(at * 2 ** level, (at + 1) * 2 ** level)),
        ),
      );
      return [entryLine(entries[index]!), proofLine(path)];
    }),
  ];
}

const verify = (lines: readonly string[], witness = WITNESS.verifier) =>
  verifyExcerpt(lines, KEY.verifier, { witness });

describe('verifyExcerpt', () => {
  it('proves each entry at its place, in any order', async () => {
    expect(await verify(excerpt([10, 0, 4, 7]))).toMatchObject({
      valid: true,
      entries: 4,
      head: { size: 11 },
      witnessed: { size: 11, time: '2023-11-14T22:13:20.000Z' },
      faults: [],
    });
    expect(await verify(excerpt([]))).toMatchObject({ valid: true, entries: 0 });
  });

  it('survives any cutting of the stream into chunks', async () => {
    const text = Buffer.from(excerpt([1, 2, 3]).join(''));
    for (const size of [1, 7, 100])
      expect(
        await verifyExcerpt(
          Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
            text.subarray(n * size, (n + 1) * size),
          ),
          KEY.verifier.text,
        ),
      ).toMatchObject({ valid: true, entries: 3 });
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    ['a changed word', (lines) => lines.map((line) => line.replace('run.start', 'run.strat')), 'changed'],
    ['another place', (lines) => lines.map((line) => line.replace('"index":4', '"index":5')), 'changed'],
    ['a proof of another entry', ([a, b, c, d, e, f]) => [a!, b!, c!, f!, e!, d!], 'changed'],
    ['a missing proof', (lines) => lines.toSpliced(3, 1), 'format'],
    ['a cut tail', (lines) => lines.slice(0, -1), 'truncated'],
    ['no head', (lines) => lines.toSpliced(1, 1), 'format'],
    ['no header', (lines) => lines.slice(1), 'format'],
    ['nothing', () => [], 'format'],
  ])('finds %s', async (_, change, kind) => {
    const report = await verify(change(excerpt([4, 7])));
    expect(report.valid).toBe(false);
    expect(report.faults.map((fault) => fault.kind)).toContain(kind);
  });

  it('finds a log of another key, and a head without the witness', async () => {
    const other = await verify(excerpt([4], LogKey.generate('steward/test')));
    expect(other.faults.map(({ kind }) => kind)).toContain('recomputed');
    expect((await verify(excerpt([4], KEY, false))).faults).toMatchObject([{ kind: 'unwitnessed' }]);
  });
});
