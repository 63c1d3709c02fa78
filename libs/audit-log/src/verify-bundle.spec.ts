import fc from 'fast-check';
import { makeBundle, someEntries } from './bundle.factory';
import {
  checkpointLine,
  cosign,
  LogKey,
  openCheckpoint,
  signCheckpoint,
  VerifierKey,
  verifyBundle,
  type VerifyReport,
} from './index';

const key = LogKey.generate('steward/test');
const COUNT = 30;
const bundle = makeBundle(someEntries(COUNT), key);
const check = (lines: readonly string[], seen?: VerifyReport): Promise<VerifyReport> =>
  verifyBundle([lines.join('')], key.verifier, seen?.head ? { seenHead: seen.head } : {});
/** Places of entry lines by index, and a copy of the bundle with something done to it. */
const at = (index: number) => bundle.findIndex((line) => line.includes(`"index":${index},`));
const tamper = (change: (lines: string[]) => void): string[] => {
  const lines = [...bundle];
  change(lines);
  return lines;
};
const kinds = async (lines: readonly string[]) => {
  const report = await check(lines);
  expect(report.valid).toBe(false);
  return report.faults.map(({ kind, from, to }) => ({ kind, from, to }));
};

describe('verifyBundle', () => {
  it('accepts an untouched log, in whatever pieces it comes, and a later state of one that it saw', async () => {
    const report = await check(bundle);
    expect(report).toMatchObject({
      valid: true,
      entries: COUNT,
      checkpoints: 8,
      head: { size: COUNT },
      faults: [],
    });
    const bytes = Buffer.from(bundle.join(''));
    const pieces = Array.from({ length: Math.ceil(bytes.length / 37) }, (_, n) =>
      bytes.subarray(n * 37, n * 37 + 37),
    );
    expect(await verifyBundle(pieces, key.verifier.text)).toEqual(report);
    expect(await check(makeBundle(someEntries(COUNT + 9), key), report)).toMatchObject({
      valid: true,
      entries: 39,
    });
    expect(await check(makeBundle([], key))).toMatchObject({ valid: true, entries: 0 });
  });

  it('finds an entry changed', async () => {
    const lines = tamper((all) => (all[at(7)] = all[at(7)]!.replace('run.start', 'run.stop!')));
    expect(await kinds(lines)).toEqual([{ kind: 'changed', from: 7, to: 8 }]);
  });

  it('finds an entry changed whose hash was made anew, to the batch', async () => {
    const forged = makeBundle(
      someEntries(COUNT).map((entry, n) => (n === 7 ? { ...(entry as object), action: 'x' } : entry)),
      key,
    );
    const lines = tamper((all) => (all[at(7)] = forged[at(7)]!));
    expect(await kinds(lines)).toEqual([{ kind: 'changed', from: 4, to: 8 }]);
  });

  it('finds entries removed', async () => {
    expect(await kinds(tamper((all) => all.splice(at(9), 1)))).toEqual([
      { kind: 'removed', from: 9, to: 10 },
    ]);
    const three = bundle.filter((line) => !/"index":(9|10|11),/.test(line));
    expect(await kinds(three)).toEqual([{ kind: 'removed', from: 9, to: 12 }]);
    expect(await kinds(tamper((all) => all.splice(at(0), 1)))).toEqual([{ kind: 'removed', from: 0, to: 1 }]);
  });

  it('finds an entry inserted, twice the same or a new one after the last head', async () => {
    expect(await kinds(tamper((all) => all.splice(at(9), 0, all[at(3)]!)))).toEqual([
      { kind: 'inserted', from: 3, to: 4 },
    ]);
    const more = makeBundle(someEntries(COUNT + 1), key);
    const stranger = more.find((line) => line.includes(`"index":${COUNT},`))!;
    expect(await kinds([...bundle, stranger])).toEqual([{ kind: 'inserted', from: COUNT, to: COUNT + 1 }]);
  });

  it('finds entries swapped, near and far', async () => {
    const swap = (left: number, right: number) =>
      tamper((all) => ([all[at(left)], all[at(right)]] = [all[at(right)]!, all[at(left)]!]));
    expect(await kinds(swap(4, 17))).toEqual([
      { kind: 'swapped', from: 4, to: 5 },
      { kind: 'swapped', from: 17, to: 18 },
    ]);
    expect((await kinds(swap(12, 13))).map(({ kind }) => kind)).toContain('swapped');
    expect((await kinds(swap(12, 13))).every(({ kind }) => kind === 'swapped')).toBe(true);
  });

  it('finds the tail cut off, by the newest head in the file or by one seen before', async () => {
    const kept = bundle.filter((line) => !/"index":(2[5-9]),/.test(line));
    expect(await kinds(kept)).toEqual([{ kind: 'truncated', from: 25, to: COUNT }]);
    const shorter = makeBundle(someEntries(24), key);
    expect(await check(shorter)).toMatchObject({ valid: true });
    const report = await check(shorter, await check(bundle));
    expect(report.faults).toMatchObject([{ kind: 'truncated', from: 24, to: COUNT }]);
    expect(await kinds(bundle.filter((line) => !line.startsWith('{"checkpoint"')))).toMatchObject([
      { kind: 'truncated' },
    ]);
  });

  it('finds the whole log recomputed without the key', async () => {
    const thief = LogKey.generate('steward/test');
    const recomputed = makeBundle(someEntries(COUNT).slice(1), thief);
    const report = await check(recomputed);
    expect(report).toMatchObject({ valid: false, head: null });
    expect(report.faults.map(({ kind }) => kind)).toContain('recomputed');
    // The thief writes the true key's id over his own.
    const disguised = recomputed.map((line) => line.replaceAll(thief.verifier.id, key.verifier.id));
    expect((await check(disguised)).faults.map(({ kind }) => kind)).toContain('recomputed');
    // He leaves the true heads in their places.
    const heads = bundle.filter((line) => line.startsWith('{"checkpoint"'));
    const patched = makeBundle(
      someEntries(COUNT).map((entry, n) => (n === 0 ? { ...(entry as object), action: 'x' } : entry)),
      thief,
    ).map((line) => (line.startsWith('{"checkpoint"') ? heads.shift()! : line));
    patched[0] = bundle[0]!;
    expect((await check(patched)).faults).toMatchObject([{ kind: 'changed', from: 0, to: 4 }]);
  });

  it('finds history rewritten by somebody who has the key, from a head seen before', async () => {
    const rewritten = makeBundle(
      someEntries(COUNT).map((entry, n) => (n === 2 ? { ...(entry as object), action: 'x' } : entry)),
      key,
    );
    const report = await check(rewritten, await check(bundle));
    expect(report.faults).toMatchObject([{ kind: 'rolled-back', to: COUNT }]);
  });

  it('refuses what is no bundle without crashing', async () => {
    for (const text of [
      '',
      'hello\n',
      '{"format":"other"}\n',
      bundle[0]!,
      `${bundle[0]!}{"entry":5}\n`,
      'a'.repeat(2 ** 21),
    ])
      expect(await verifyBundle([text], key.verifier)).toMatchObject({ valid: false });
    await expect(verifyBundle([''], 'no key')).rejects.toMatchObject({ code: 'AUDIT.BAD_KEY' });
  });

  it('finds any single change of a byte', async () => {
    const bytes = Buffer.from(bundle.join(''));
    const headerEnd = bundle[0]!.length;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: headerEnd, max: bytes.length - 2 }),
        fc.integer({ min: 1, max: 255 }),
        async (place, flip) => {
          const copy = Buffer.from(bytes);
          copy[place] = copy[place]! ^ flip;
          const report = await verifyBundle([copy], key.verifier);
          // An empty line more or hexadecimal digits in upper case say the same; everything else must be found.
          const same = copy.toString('latin1').toLowerCase() === bytes.toString('latin1').toLowerCase();
          expect(report.valid && !same).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('verifyBundle with a witness', () => {
  const witness = LogKey.generate('witness.test/w1', 'witness');
  const cosigned = (from: LogKey): string[] =>
    bundle.map((line) => {
      const { checkpoint } = JSON.parse(line) as { checkpoint?: string };
      // The newest two heads were not cosigned yet.
      if (checkpoint === undefined || Number(checkpoint.split('\n')[1]) > 24) return line;
      return checkpointLine(checkpoint + cosign(checkpoint, from, 1_700_000_000));
    });

  it('says up to where the witness has seen the same history', async () => {
    const report = await verifyBundle(cosigned(witness), key.verifier, { witness: witness.verifier });
    expect(report).toMatchObject({
      valid: true,
      head: { size: COUNT },
      witnessed: { size: 24, time: '2023-11-14T22:13:20.000Z' },
    });
  });

  it('does not accept a log that this witness has not cosigned', async () => {
    for (const lines of [bundle, cosigned(LogKey.generate('witness.test/w1', 'witness'))])
      expect((await verifyBundle(lines, key.verifier, { witness: witness.verifier })).faults).toMatchObject([
        { kind: 'unwitnessed' },
      ]);
  });
});

describe('checkpoint and key', () => {
  const head = { size: 5, root: Buffer.alloc(32, 7), time: '2026-01-01T00:00:00.000Z' };

  it('is a signed note that reads back, and tells a forged signature from a foreign key', () => {
    const note = signCheckpoint(head, key);
    expect(note.split('\n').slice(0, 3)).toEqual(['steward/test', '5', head.root.toString('base64')]);
    expect(openCheckpoint(note, key.verifier)).toMatchObject({ ...head, signature: 'valid' });
    expect(openCheckpoint(note.replace('\n5\n', '\n6\n'), key.verifier).signature).toBe('forged');
    expect(openCheckpoint(note, LogKey.generate('steward/test').verifier).signature).toBe('unknown-key');
    expect(() => openCheckpoint('nonsense', key.verifier)).toThrow(/not a checkpoint/);
  });

  it('reads the verifier key of C2SP signed-note, and back', () => {
    const text = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(VerifierKey.parse(text)).toMatchObject({ name: 'PeterNeumann', id: 'c74f20a3', text });
    expect(() => VerifierKey.parse(text.replace('c74f', 'c74e'))).toThrow(/key id/);
    const again = LogKey.fromPem('steward/test', key.toPem());
    expect(again.verifier.text).toBe(key.verifier.text);
  });
});
