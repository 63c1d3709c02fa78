import {
  canonicalJson,
  checkpointLine,
  CompactRange,
  entryLine,
  hashLeaf,
  headerLine,
  LogKey,
  signCheckpoint,
  verifyBundle,
} from '@steward/audit-log';
import { TAMPERINGS } from './tamper';

function bundle(key: LogKey, count: number): string[] {
  const tree = new CompactRange();
  const lines = [headerLine(key.verifier)];
  for (let index = 0; index < count; index++) {
    const content = canonicalJson({
      entryId: `e${index}`,
      outcome: 'done',
      time: '2026-01-01T00:00:00.000Z',
    });
    tree.append(hashLeaf(content));
    lines.push(entryLine({ content, index, leaf: hashLeaf(content) }));
    if (index % 3 === 2)
      lines.push(
        checkpointLine(
          signCheckpoint({ size: tree.size, root: tree.root(), time: '2026-01-01T00:00:00.000Z' }, key),
        ),
      );
  }
  return lines;
}

describe('tampering', () => {
  const key = LogKey.generate('steward-test');
  const lines = bundle(key, 30);

  it('is not needed to pass: the untouched log verifies', async () => {
    expect(await verifyBundle(lines, key.verifier)).toMatchObject({ valid: true, entries: 30 });
  });

  it.each(Object.keys(TAMPERINGS))('%s is found', async (name) => {
    const { head } = await verifyBundle(lines, key.verifier);
    const report = await verifyBundle(TAMPERINGS[name]!(lines), key.verifier, { seenHead: head! });
    expect(report.valid).toBe(false);
    expect(report.faults.length).toBeGreaterThan(0);
  });
});
