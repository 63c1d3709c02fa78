import { sha256 } from '@steward/kernel';
import {
  canonicalJson,
  hashLeaf,
  LogKey,
  REPORT_MANIFEST,
  signCheckpoint,
  signDocument,
  verifyReportFile,
  type ReportProof,
} from './index';

const KEY = LogKey.generate('steward/test');
const FILE = Buffer.from('<!doctype html>');

function proofOf(key = KEY, change: { issued?: string } = {}): ReportProof {
  const files = { html: { digest: sha256(FILE) } };
  const manifest = signDocument(REPORT_MANIFEST, { report: 'r1', files }, key);
  const content = canonicalJson({
    action: 'report.issue',
    object: { kind: 'report', id: 'r1' },
    details: { manifest: change.issued ?? manifest.digest },
  });
  const head = { size: 1, root: hashLeaf(content), time: '2026-01-01T00:00:00.000Z' };
  const entry = {
    index: 0,
    content: content.toString('utf8'),
    path: [],
    checkpoint: signCheckpoint(head, key),
  };
  return { manifest, entry };
}

describe('verifyReportFile', () => {
  it('accepts the file that was issued, and says where it stands in the log', () => {
    expect(verifyReportFile(FILE, proofOf(), KEY.verifier.text)).toEqual({
      valid: true,
      faults: [],
      entry: { index: 0, logSize: 1 },
    });
  });

  const good = proofOf();
  it.each<[string, Buffer, ReportProof]>([
    ['a changed file', Buffer.from('<!doctype html> '), good],
    [
      'a manifest of another key',
      FILE,
      { ...good, manifest: proofOf(LogKey.generate('steward/test')).manifest },
    ],
    ['a head of another key', FILE, { ...good, entry: proofOf(LogKey.generate('steward/test')).entry }],
    ['an entry that issued another manifest', FILE, proofOf(KEY, { issued: '0'.repeat(64) })],
    [
      'a changed entry',
      FILE,
      { ...good, entry: { ...good.entry!, content: good.entry!.content.replace('r1', 'r2') } },
    ],
    ['an entry that is no JSON', FILE, { ...good, entry: { ...good.entry!, content: 'x' } }],
    ['another place', FILE, { ...good, entry: { ...good.entry!, index: 1 } }],
    ['no place at all', FILE, { ...good, entry: null }],
  ])('finds %s', (_, file, proof) => {
    const { valid, faults } = verifyReportFile(file, proof, KEY.verifier);
    expect([valid, faults.length > 0]).toEqual([false, true]);
  });

  it('asks for the witness where one is given', () => {
    const witness = LogKey.generate('witness.test/w1', 'witness').verifier;
    expect(verifyReportFile(FILE, good, KEY.verifier, witness).faults).toEqual([
      expect.stringContaining('witness.test/w1'),
    ]);
  });
});
