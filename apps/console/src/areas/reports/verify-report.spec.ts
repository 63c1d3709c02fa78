import { canonicalJson, hashLeaf, LogKey, signCheckpoint, signDocument } from '@steward/audit-log';
import { sha256 } from '@steward/kernel';
import { formatOf, verifyReport, type ReportProofAnswer } from './verify-report';

const KEY = LogKey.generate('steward/test');
const bytes = (text: string) => new TextEncoder().encode(text);
const FILES = { html: bytes('<!doctype html>'), csv: bytes('a,b\n') };

function proofOf(key = KEY): ReportProofAnswer {
  const files = Object.fromEntries(
    Object.entries(FILES).map(([format, content]) => [format, { digest: sha256(content), size: 1 }]),
  );
  const manifest = signDocument('steward-report/1', { report: 'r1', files }, key);
  const content = canonicalJson({
    action: 'report.issue',
    object: { kind: 'report', id: 'r1' },
    details: { manifest: manifest.digest },
  });
  const head = { size: 1, root: hashLeaf(content), time: '2026-01-01T00:00:00.000Z' };
  const checkpoint = signCheckpoint(head, key);
  return { manifest, entry: { index: 0, content: content.toString('utf8'), path: [], checkpoint } };
}

const GOOD = proofOf();
const verify = (
  proof: ReportProofAnswer,
  files: Record<string, Uint8Array<ArrayBuffer>> = FILES,
  report = 'r1',
) => verifyReport({ proof, publicKey: KEY.verifier.text, report, files });

describe('verifyReport', () => {
  it('accepts what libs/audit-log signed', async () => {
    const { holds, checks } = await verify(GOOD);
    expect([holds, checks.length]).toEqual([true, 7]);
  });

  const other = proofOf(LogKey.generate('steward/test'));
  const entry = GOOD.entry!;
  it.each<[string, ReportProofAnswer, string[]]>([
    ['a manifest of another key', { ...GOOD, manifest: other.manifest }, ['Signature']],
    [
      'a head of another key',
      { ...GOOD, entry: { ...entry, checkpoint: other.entry!.checkpoint } },
      ['Head'],
    ],
    [
      'another report in the entry',
      { ...GOOD, entry: { ...entry, content: entry.content.replace('r1', 'r2') } },
      ['Entry', 'Place'],
    ],
    ['an entry that is no JSON', { ...GOOD, entry: { ...entry, content: 'x' } }, ['Entry', 'Place']],
    ['another place', { ...GOOD, entry: { ...entry, index: 1 } }, ['Place']],
    ['no place at all', { ...GOOD, entry: null }, ['Entry']],
    [
      'a changed list',
      { ...GOOD, manifest: { ...GOOD.manifest, document: { ...GOOD.manifest.document, more: 1 } as never } },
      ['Manifest'],
    ],
  ])('finds %s', async (_, proof, faults) => {
    const { holds, checks } = await verify(proof);
    const failed = checks.filter((each) => !each.holds).map(({ what }) => what);
    expect([holds, failed]).toEqual([false, expect.arrayContaining(faults)]);
  });

  it('finds a changed file, a file that is not listed, and the proof of another report', async () => {
    expect((await verify(GOOD, { ...FILES, html: bytes('<!doctype html> ') })).holds).toBe(false);
    expect((await verify(GOOD, { ...FILES, pdf: bytes('%PDF') })).holds).toBe(false);
    expect((await verify(GOOD, FILES, 'r2')).holds).toBe(false);
  });

  it('tells which file a file is', async () => {
    expect(await formatOf(GOOD, FILES.csv)).toBe('csv');
    expect(await formatOf(GOOD, bytes('x'))).toBeNull();
  });
});
