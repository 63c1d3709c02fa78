import { DatasetContract } from '@steward/contracts';
import { createHash } from 'node:crypto';
import { ContentDigest, labelledBatchDigest, RowDigester, versionDigest } from './row-digest';

const contract = DatasetContract.parse({
  dataset: 'd',
  columns: [
    { name: 'who', type: 'string', class: 'identifier' },
    { name: 'text', type: 'string', class: 'feature' },
    { name: 'figure', type: 'number', class: 'feature' },
    { name: 'count', type: 'integer', class: 'sensitive' },
    { name: 'flag', type: 'boolean', class: 'label' },
    { name: 'at', type: 'timestamp', class: 'time', nullable: true },
  ],
  label: { column: 'flag', positive: 'true', negative: 'false', favourable: 'false' },
});
const sha = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');

describe('the digests of content', () => {
  const digester = new RowDigester(contract);

  it('are taken over exactly the bytes that are documented', () => {
    const row = ['Jane', 'é', 1.5, -2, true, 1000];
    const bytes = [
      '01 00000002 c3a9',
      '02 3ff8000000000000',
      '03 fffffffffffffffe',
      '04 01',
      '05 00000000000003e8',
    ].join('');
    const digest = digester.digest(row).toString('hex');
    expect(digest).toBe(sha(bytes.replaceAll(' ', '')));
    const content = new ContentDigest();
    content.add(Buffer.from(digest, 'hex'));
    const contentDigest = content.finish();
    expect(contentDigest).toBe(sha(`${Buffer.from('steward-batch-content/1\n').toString('hex')}${digest}`));
    expect(versionDigest([{ contractVersion: 3, digest: 'b', contentDigest: 'c' }])).toBe(
      sha(Buffer.from('steward-dataset-version/1\n3 b c\n').toString('hex')),
    );
    expect(labelledBatchDigest(['a', 'b'])).toBe(
      sha(Buffer.from('steward-labelled-batch/1\na\nb\n').toString('hex')),
    );
  });

  it('do not see identifiers, and see everything else', () => {
    const row = ['Jane', 'x', 1, 2, true, null];
    const same = digester.digest(['John', ...row.slice(1)]);
    expect(digester.digest(row).equals(same)).toBe(true);
    for (const [at, other] of [
      [1, 'y'],
      [2, 1.5],
      [3, 3],
      [4, false],
      [5, 0],
    ] as const) {
      const changed = row.map((value, index) => (index === at ? other : value));
      expect(digester.digest(changed).equals(same)).toBe(false);
    }
  });
});
