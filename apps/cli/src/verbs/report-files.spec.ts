import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  canonicalJson,
  hashLeaf,
  LogKey,
  REPORT_MANIFEST,
  signCheckpoint,
  signDocument,
} from '@steward/audit-log';
import { sha256 } from '@steward/kernel';
import { FakeSteward } from '../fake-steward.factory';

const key = LogKey.generate('steward/test');
const CONTENT: Readonly<Record<string, string>> = {
  html: '<!doctype html>',
  pdf: '%PDF-1.7',
  json: '{}',
  csv: 'a,b\n',
};
const files = Object.fromEntries(
  Object.entries(CONTENT).map(([format, text]) => [format, { digest: sha256(text), size: text.length }]),
);
const answer = {
  id: 'r-1',
  kind: 'model-card',
  title: 'Model card',
  project: 'lending',
  model: 'approval',
  dataset: null,
  period: { from: '1970-01-01T00:00:00.000Z', to: '2026-01-01T00:00:00.000Z' },
  issuedBy: 'u-ada',
  issuedAt: '2026-01-01T00:00:00.000Z',
  missing: 2,
  files,
};

function proof() {
  const manifest = signDocument(REPORT_MANIFEST, { report: 'r-1', files }, key);
  const content = canonicalJson({
    action: 'report.issue',
    object: { id: 'r-1' },
    details: { manifest: manifest.digest },
  });
  const head = { size: 1, root: hashLeaf(content), time: '2026-01-01T00:00:00.000Z' };
  return {
    manifest,
    entry: { index: 0, content: content.toString(), path: [], checkpoint: signCheckpoint(head, key) },
  };
}

describe('steward report', () => {
  let steward: FakeSteward;
  let out: string;
  let asked = 0;
  beforeEach(async () => {
    steward = await FakeSteward.start();
    out = join(steward.folder, 'out');
    mkdirSync(out);
    asked = 0;
    const route = '/governance/v1/reports';
    steward.on(`POST ${route}`, { status: 201, body: answer }).on(`GET ${route}/r-1`, { body: answer });
    for (const [format, body] of Object.entries(CONTENT))
      steward.on(`GET ${route}/r-1/files/${format}`, { body });
    // The log takes the entry a moment later.
    steward.on(`GET ${route}/r-1/proof`, () => ({
      body: ++asked > 1 ? proof() : { ...proof(), entry: null },
    }));
    steward.on(`GET ${route}`, { body: { items: [answer], next: null } });
  });
  afterEach(() => steward.stop());

  const verify = (format: string, ...more: string[]) =>
    steward.run([
      'report',
      'verify',
      join(out, `steward-report-r-1.${format}`),
      '--public-key',
      key.verifier.text,
      ...more,
    ]);

  it('has a report issued, saves it with its proof, and verifies each file without asking anybody', async () => {
    const issued = await steward.run(['report', 'issue', '-k', 'model-card', '-m', 'approval', '-o', out]);
    expect([issued.exitCode, issued.errors]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(steward.requests[0]!.body)).toEqual({
      kind: 'model-card',
      project: 'lending',
      model: 'approval',
      dataset: null,
    });
    expect(issued.output).toContain('2 things are missing');
    expect(asked).toBe(2);
    const before = steward.requests.length;
    for (const format of Object.keys(CONTENT)) expect(await verify(format)).toMatchObject({ exitCode: 0 });
    expect(steward.requests).toHaveLength(before);
  });

  it('finds a changed file, another key, and a proof that is none', async () => {
    await steward.run(['report', 'get', 'r-1', '-o', out]);
    const html = join(out, 'steward-report-r-1.html');
    expect(readFileSync(html, 'utf8')).toBe(CONTENT['html']);
    writeFileSync(html, '<!doctype html><p>');
    const changed = await verify('html');
    expect([changed.exitCode, changed.output]).toEqual([1, expect.stringContaining('NOT VALID')]);
    const other = LogKey.generate('steward/test').verifier.text;
    expect(
      await steward.run(['report', 'verify', join(out, 'steward-report-r-1.csv'), '--public-key', other]),
    ).toMatchObject({ exitCode: 1 });
    writeFileSync(join(out, 'nonsense.json'), '{}');
    expect(await verify('csv', '--proof', join(out, 'nonsense.json'))).toMatchObject({ exitCode: 1 });
    expect((await verify('csv', '--proof', join(out, 'none.json'))).errors).toContain('cannot be read');
  });

  it('lists reports, and says what it needs', async () => {
    const listed = await steward.run(['report', 'list']);
    expect(listed.output).toContain('model-card');
    expect(Object.fromEntries(steward.requests[0]!.url.searchParams)).toEqual({
      project: 'lending',
      limit: '50',
    });
    expect(await steward.run(['report', 'issue', '-k', 'nonsense'])).toMatchObject({ exitCode: 2 });
    expect(await steward.run(['report', 'issue'])).toMatchObject({ exitCode: 2 });
    const bare = await steward.run(['report']);
    expect([bare.exitCode, bare.errors]).toEqual([2, expect.stringContaining('--model')]);
  });
});
