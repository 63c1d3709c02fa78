import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  canonicalJson,
  checkpointLine,
  CompactRange,
  cosign,
  entryLine,
  EXCERPT_FORMAT,
  hashLeaf,
  headerLine,
  LogKey,
  proofLine,
  signCheckpoint,
} from '@steward/audit-log';
import { FakeSteward } from '../fake-steward.factory';
import { ProjectEntries } from '../report/collect-audit';

const key = LogKey.generate('steward/test');

function entry(n: number, project: string) {
  return {
    entryId: `e${n}`,
    project,
    action: n % 2 === 0 ? 'run.start' : 'alias.move',
    object: { kind: 'run', id: 'r' },
  };
}

/** A bundle of `count` entries, and its head as it is given with --seen. */
function bundle(count: number): { lines: string[]; head: string } {
  const tree = new CompactRange();
  const lines = [headerLine(key.verifier)];
  for (let index = 0; index < count; index++) {
    const content = canonicalJson(entry(index, index === 1 ? 'flights' : 'lending'));
    const leaf = hashLeaf(content);
    tree.append(leaf);
    lines.push(entryLine({ content, index, leaf }));
  }
  lines.push(
    checkpointLine(signCheckpoint({ size: count, root: tree.root(), time: '2026-01-01T00:00:00.000Z' }, key)),
  );
  return { lines, head: `${count}:${tree.root().toString('hex')}` };
}

describe('steward audit', () => {
  let steward: FakeSteward;
  beforeEach(async () => {
    steward = await FakeSteward.start();
  });
  afterEach(() => steward.stop());

  const save = (lines: readonly string[]): string => {
    const file = join(steward.folder, 'audit.ndjson');
    writeFileSync(file, lines.join(''));
    return file;
  };
  const publicKey = key.verifier.text;

  it('verifies a file offline, with the key as text or in a file', async () => {
    const file = save(bundle(5).lines);
    const keyFile = join(steward.folder, 'key');
    writeFileSync(keyFile, `${publicKey}\n`);
    for (const given of [publicKey, keyFile]) {
      const { exitCode, output } = await steward.run(['audit', 'verify', file, '--public-key', given], {
        environment: { STEWARD_TOKEN: undefined, STEWARD_URL: undefined },
      });
      expect(exitCode).toBe(0);
      expect(output).toContain('VALID: 5 entries under 1 signed heads.');
      expect(output).toContain(`--seen ${bundle(5).head}`);
    }
    expect(steward.requests).toHaveLength(0);
  });

  it('ends with 1 and names what was done to the log', async () => {
    const { lines, head } = bundle(5);
    const changed = lines.map((line) => line.replace('"entryId":"e2"', '"entryId":"x2"'));
    const faulty = await steward.run(['audit', 'verify', save(changed), '--public-key', publicKey]);
    expect(faulty.exitCode).toBe(1);
    expect(faulty.output).toContain('changed: Entry 2 was changed');
    const older = bundle(3).lines;
    const cut = await steward.run([
      'audit',
      'verify',
      save(older),
      '--public-key',
      publicKey,
      '--seen',
      head,
      '--json',
    ]);
    expect(cut.exitCode).toBe(1);
    expect(JSON.parse(cut.output)).toMatchObject({ valid: false, faults: [{ kind: 'truncated' }] });
  });

  it('without a file verifies a fresh export against the head that governance tells', async () => {
    const { lines, head } = bundle(4);
    const [size, root] = head.split(':');
    steward
      .on('GET /governance/v1/audit/public-key', { body: { publicKey } })
      .on('GET /governance/v1/audit/head', { body: { size: Number(size), root } })
      .on('GET /governance/v1/audit/export', { body: lines.join('') });
    expect((await steward.run(['audit', 'verify'])).exitCode).toBe(0);
    steward.on('GET /governance/v1/audit/export', { body: bundle(3).lines.join('') });
    expect((await steward.run(['audit', 'verify'])).exitCode).toBe(1);
  });

  it('with a filter writes an excerpt of the project, and verifies it offline', async () => {
    const content = canonicalJson(entry(0, 'lending'));
    const leaf = hashLeaf(content);
    const note = signCheckpoint({ size: 1, root: leaf, time: '2026-01-01T00:00:00.000Z' }, key);
    const witness = LogKey.generate('witness.test/w1', 'witness');
    const lines = [
      headerLine(key.verifier, EXCERPT_FORMAT),
      checkpointLine(note + cosign(note, witness, 1_700_000_000)),
      entryLine({ content, index: 0, leaf }),
      proofLine([]),
    ];
    steward.on('GET /governance/v1/audit/excerpt', { body: lines.join('') });
    const file = join(steward.folder, 'excerpt.ndjson');
    expect(await steward.run(['audit', 'export', file, '--actor', 'u-eva'])).toMatchObject({ exitCode: 0 });
    expect(Object.fromEntries(steward.requests[0]!.url.searchParams)).toEqual({
      project: 'lending',
      actor: 'u-eva',
    });
    const verify = ['audit', 'verify', file, '--public-key', publicKey];
    const { exitCode, output } = await steward.run([...verify, '--witness', witness.verifier.text]);
    expect([exitCode, output]).toEqual([
      0,
      expect.stringContaining('The witness has seen the same 1 entries'),
    ]);
    const other = LogKey.generate('witness.test/w1', 'witness').verifier.text;
    const unwitnessed = await steward.run([...verify, '--witness', other]);
    expect([unwitnessed.exitCode, unwitnessed.output]).toEqual([1, expect.stringContaining('unwitnessed')]);
    expect(await steward.run([...verify, '--seen', bundle(1).head])).toMatchObject({ exitCode: 2 });
    expect(await steward.run([...verify, '--witness', publicKey])).toMatchObject({ exitCode: 1 });
  });

  it('refuses what is no key, no head and no bundle', async () => {
    const file = save(['nonsense\n']);
    expect(await steward.run(['audit', 'verify', file, '--public-key', 'x'])).toMatchObject({ exitCode: 1 });
    expect(
      await steward.run(['audit', 'verify', file, '--public-key', publicKey, '--seen', '7']),
    ).toMatchObject({ exitCode: 2 });
    const { exitCode, output } = await steward.run(['audit', 'verify', file, '--public-key', publicKey]);
    expect([exitCode, output.includes('NOT VALID')]).toEqual([1, true]);
  });

  it('picks the newest entries of a project out of a bundle, however it is cut into pieces', async () => {
    const bytes = Buffer.from(bundle(9).lines.join(''));
    for (const size of [7, 100, bytes.length]) {
      const picked = new ProjectEntries('lending', 3);
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      const passed: Uint8Array[] = [];
      for await (const piece of picked.passing(
        (async function* () {
          yield* pieces;
        })(),
      ))
        passed.push(piece);
      expect(Buffer.concat(passed).equals(bytes)).toBe(true);
      expect(picked.total).toBe(8);
      expect(picked.newest.map(({ index }) => index)).toEqual([6, 7, 8]);
      expect(picked.newest[0]?.leaf).toMatch(/^[0-9a-f]{64}$/);
      expect(Object.fromEntries(picked.byAction)).toEqual({ 'run.start': 5, 'alias.move': 3 });
    }
  });
});
