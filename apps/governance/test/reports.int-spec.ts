import { sha256 } from '@steward/kernel';
import {
  AlertRaised,
  AlertResolved,
  AliasChanged,
  ContractRegistered,
  DatasetVersionCreated,
  ModelVersionRegistered,
  WindowJudged,
  WindowOutcomesJudged,
  type ModelDescriptor,
} from '@steward/contracts';
import { REPORT_MANIFEST, verifyReportFile, type ReportProof } from '@steward/audit-log';
import { ArtifactStore } from '@steward/artifacts';
import { eventually, Neighbour } from '@steward/testing';
import request from 'supertest';
import { GovernanceHouse, PROJECT } from './support/governance-house';

const digestOf = (text: string): string => sha256(text);
const HOSTILE = '<img src=x onerror=alert(1)>';

describe('reports', () => {
  let house: GovernanceHouse;
  let ingestion: Neighbour;
  let training: Neighbour;
  let monitoring: Neighbour;
  let auditor: string;
  let engineer: string;
  let evaluationDigest: string;
  const neighbours: Neighbour[] = [];

  const neighbour = async (service: 'ingestion' | 'training' | 'monitoring'): Promise<Neighbour> => {
    const made = new Neighbour(service, house.database.urlOf(service));
    await made.start();
    neighbours.push(made);
    return made;
  };
  const about = (subject: string) => ({ subject: `${PROJECT}/${subject}`, project: PROJECT });
  const descriptor = (): ModelDescriptor => ({
    model: 'approval',
    version: 1,
    digest: digestOf('onnx'),
    sizeBytes: 12345,
    runId: 'run-1',
    pipeline: 'approval',
    dataset: 'applications',
    datasetVersion: 1,
    datasetDigest: digestOf('data'),
    contractVersion: 1,
    contractDigest: digestOf('contract'),
    referenceDigest: digestOf('reference'),
    evaluationDigest,
    inputs: [
      {
        name: 'income',
        kind: 'numeric',
      },
    ],
    classes: ['no', 'yes'],
    decisionThreshold: 0.5,
    favourable: 'no',
    sensitive: ['race'],
    groups: ['race'],
  });
  const issue = async (order: object, credential = auditor) =>
    (await house.post('/v1/reports', credential, order).expect(201)).body as {
      id: string;
      missing: number;
      files: Record<'html' | 'pdf' | 'json' | 'csv', { digest: string; size: number }>;
    };
  const file = async (id: string, format: string, credential = auditor): Promise<Buffer> =>
    (
      await request(house.url)
        .get(`/v1/reports/${id}/files/${format}`)
        .set('authorization', credential)
        .buffer(true)
        .parse((response, done) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => done(null, Buffer.concat(parts)));
        })
        .expect(200)
    ).body as Buffer;

  beforeAll(async () => {
    house = await GovernanceHouse.open();
    await house.project();
    [ingestion, training, monitoring] = await Promise.all([
      neighbour('ingestion'),
      neighbour('training'),
      neighbour('monitoring'),
    ]);
    auditor = (await house.person('report-auditor', ['auditor'])).token;
    await house
      .post('/v1/users', await house.asAdmin(), {
        user: 'report-engineer',
        password: 'report-engineer-1',
        roles: [{ role: 'ml-engineer', project: PROJECT }],
      })
      .expect(201);
    engineer = await house.login('report-engineer', 'report-engineer-1');
    const evaluation = {
      metric: 'auc',
      learners: [
        { kind: 'gbm', params: { trees: 100 }, mean: 0.86, deviation: 0.02, pooled: { auc: 0.86 } },
        { kind: HOSTILE, params: {}, mean: 0.84, deviation: 0.03, pooled: { auc: 0.84 } },
      ],
      chosen: 0,
      split: [{ part: 'hold-out', fold: null, rows: 240, positives: 30 }],
      fairness: {
        holdOutAndOutOfFold: [
          {
            column: 'race',
            report: {
              groups: ['a', 'b', 'tiny'].map((race, n) => ({
                labels: { race },
                rows: [900, 300, 3][n]!,
                enoughRows: true,
                selectionRate: { value: 0.9 - n / 10, lower: 0.8, upper: 0.95 },
                truePositiveRate: null,
                falsePositiveRate: null,
              })),
              demographicParityRatio: { value: 0.889, lower: 0.85, upper: 0.93 },
              demographicParityDifference: null,
              equalizedOddsDifference: null,
            },
          },
        ],
      },
    };
    const stored = await house.app.get(ArtifactStore).put(Buffer.from(JSON.stringify(evaluation)));
    evaluationDigest = stored.digest;
    await live();
  });
  afterAll(async () => {
    for (const one of neighbours) await one.stop();
    await house.close();
  });

  /** The life of a model, as the services tell it. */
  async function live(): Promise<void> {
    const contract = {
      dataset: 'applications',
      columns: [
        { name: 'income', type: 'number', class: 'feature', nullable: false, min: 0, max: 10 },
        { name: 'race', type: 'string', class: 'sensitive', nullable: false, allowed: ['a', 'b', 'tiny'] },
        { name: 'ssn', type: 'string', class: 'identifier', nullable: false },
        { name: 'deny', type: 'string', class: 'label', nullable: false, allowed: ['no', 'yes'] },
      ] as never,
      key: [],
      label: { column: 'deny', positive: 'yes', negative: 'no', favourable: 'no' },
      decisionThreshold: 0.5,
      groups: ['race'],
    };
    await ingestion.say(ContractRegistered, {
      ...about('applications'),
      payload: {
        dataset: 'applications',
        contractVersion: 1,
        contractDigest: digestOf('contract'),
        contract,
        changedBy: 'u-eva',
      },
    });
    await ingestion.say(DatasetVersionCreated, {
      ...about('applications'),
      payload: {
        dataset: 'applications',
        version: 1,
        digest: digestOf('data'),
        contractVersion: 1,
        contractDigest: digestOf('contract'),
        deltaPath: 'datasets/x',
        deltaVersion: 0,
        rows: 1200,
        labelledRows: 0,
        batch: {
          number: 1,
          digest: digestOf('batch'),
          source: 'upload',
          read: 1212,
          accepted: 1200,
          quarantined: 12,
        },
      },
    });
    await training.say(ModelVersionRegistered, {
      ...about('approval'),
      payload: {
        descriptor: descriptor(),
        learner: 'gbm',
        metrics: { auc: 0.76, accuracy: 0.88, brier: null },
      },
    });
    await training.say(AliasChanged, {
      ...about('approval'),
      payload: {
        alias: 'champion',
        descriptor: descriptor(),
        previous: null,
        requestId: 'req-1',
        approvers: ['u-bob'],
      },
    });
    const window = {
      windowId: 'w-1',
      monitor: 'approval',
      model: 'approval',
      modelVersion: 1,
      modelDigest: digestOf('onnx'),
    };
    for (const [n, psi] of [0.01, 0.02, 3.5].entries())
      await monitoring.say(WindowJudged, {
        ...about('approval'),
        payload: {
          ...window,
          windowId: `w-${n}`,
          referenceDigest: digestOf('reference'),
          rows: 300,
          verdict: psi > 0.2 ? 'alarm' : 'ok',
          columns: [
            {
              name: 'income',
              psi,
              jensenShannon: 0.1,
              pValue: 0.5,
              drifted: psi > 0.2,
              previousPsi: null,
              previousDrifted: null,
            },
          ],
          membersDigest: digestOf('members'),
        },
      });
    await monitoring.say(WindowOutcomesJudged, {
      ...about('approval'),
      payload: {
        ...window,
        rows: 300,
        figures: { auc: 0.74, accuracy: 0.87 },
        groups: [
          {
            group: `race=${HOSTILE}`,
            rows: 100,
            selectionRate: 0.9,
            truePositiveRate: 0.9,
            falsePositiveRate: 0.2,
          },
        ],
      },
    });
    const alert = {
      alertId: 'a-1',
      monitor: 'approval',
      kind: 'drift' as const,
      model: 'approval',
      modelVersion: 1,
      windowId: 'w-2',
      columns: ['income'],
    };
    await monitoring.say(AlertRaised, { ...about('approval'), subject: 'a-1', payload: alert });
    await monitoring.say(AlertResolved, { ...about('approval'), subject: 'a-1', payload: alert });
    await eventually(async () => {
      const { rows } = await house.owner.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM governance.evidence WHERE project = $1',
        [PROJECT],
      );
      expect(rows[0]!.n).toBeGreaterThanOrEqual(10);
    });
  }

  it('tell a model’s life from events, each figure with its evidence, and say what is missing and who owes it', async () => {
    const { id, missing } = await issue({
      kind: 'technical-documentation',
      project: PROJECT,
      model: 'approval',
    });
    expect(missing).toBeGreaterThan(0);
    const report = JSON.parse((await file(id, 'json')).toString('utf8')) as {
      sections: {
        id: string;
        basis: string | null;
        blocks: { type: string; rows?: { cells: string[]; source: { digest: string } | null }[] }[];
        missing: { what: string; owedBy: string }[];
      }[];
    };
    const of = (name: string) => report.sections.find((section) => section.id === name)!;
    expect(report.sections.map(({ basis }) => basis)).toEqual(
      expect.arrayContaining([
        'Annex IV 1',
        'Article 12',
        'Annex IV 2 (e); Article 14',
        'Annex IV 8; Article 47',
      ]),
    );
    expect(JSON.stringify(of('system').blocks)).toContain(digestOf('onnx'));
    expect(JSON.stringify(of('data').blocks)).toContain('1,212');
    expect(JSON.stringify(of('performance').blocks)).toContain('0.76');
    expect(JSON.stringify(of('outcomes').blocks)).toContain('0.74');
    expect(JSON.stringify(of('fairness').blocks)).toContain('0.889 (0.85 to 0.93)');
    // Aggregates of fewer than ten are nobody's to see.
    expect(JSON.stringify(of('fairness').blocks)).not.toContain('tiny');
    expect(of('alerts').blocks[0]!.rows).toHaveLength(1);
    expect(of('declaration').missing).toEqual([
      { what: 'the signed declaration', owedBy: expect.stringContaining('provider') },
    ]);
    const sources = report.sections.flatMap(({ blocks }) => blocks.flatMap(({ rows }) => rows ?? []));
    const digests = sources.flatMap(({ source }) => source?.digest ?? []);
    const { rows: known } = await house.owner.query<{ digest: string }>(
      'SELECT digest FROM governance.evidence',
    );
    const all = new Set([...known.map(({ digest }) => digest), evaluationDigest]);
    expect(digests.length).toBeGreaterThan(5);
    expect(digests.filter((digest) => !all.has(digest))).toEqual([]);
  });

  it('are proved offline in every form by the log that issued them, and any change is found', async () => {
    const { id, files } = await issue({ kind: 'model-card', project: PROJECT, model: 'approval' });
    const { body: publicKey } = await request(house.url).get('/v1/audit/public-key').expect(200);
    const key = (publicKey as { publicKey: string }).publicKey;
    const proof = await eventually(async () => {
      const { body } = await house.get(`/v1/reports/${id}/proof`, auditor).expect(200);
      expect((body as ReportProof).entry).not.toBeNull();
      return body as ReportProof;
    });
    expect(REPORT_MANIFEST).toBe('steward-report/1');
    for (const format of ['html', 'pdf', 'json', 'csv'] as const) {
      const content = await file(id, format);
      expect(sha256(content)).toBe(files[format].digest);
      expect(verifyReportFile(content, proof, key)).toMatchObject({ valid: true, faults: [] });
      expect(verifyReportFile(Buffer.concat([content, Buffer.from(' ')]), proof, key).valid).toBe(false);
    }
    const { body: entries } = await house.get(`/v1/audit/entries?object=${id}`, auditor).expect(200);
    expect((entries as { items: object[] }).items).toMatchObject([
      {
        action: 'report.issue',
        details: { kind: 'model-card', html: files.html.digest, pdf: files.pdf.digest },
      },
    ]);
  });

  it('keep hostile text text, and load nothing', async () => {
    const { id } = await issue({ kind: 'monitoring', project: PROJECT, model: 'approval' });
    const card = await issue({ kind: 'model-card', project: PROJECT, model: 'approval' });
    for (const one of [id, card.id]) {
      const html = (await file(one, 'html')).toString('utf8');
      expect(html).toContain('&lt;img src=x');
      expect(html).not.toMatch(/<img|<script|src="http|url\(/);
      expect(html).toContain("default-src 'none'");
    }
    const pdf = await file(id, 'pdf');
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const csv = (await file(id, 'csv')).toString('utf8').split('\n');
    expect(csv[0]).toBe('section,of,field,value,evidence_kind,evidence_id,evidence_sha256');
    expect(csv.some((line) => /^drift,.*income.*3\.5,event,/.test(line))).toBe(true);
  });

  it('are shown as a page that runs nothing, loads nothing and has no origin, and only as HTML', async () => {
    const { id } = await issue({ kind: 'model-card', project: PROJECT, model: 'approval' });
    const { headers, text } = await house.get(`/v1/reports/${id}/files/html?as=page`, auditor).expect(200);
    expect(headers['content-security-policy']).toMatch(
      /^sandbox; default-src 'none';.* frame-ancestors 'self'$/,
    );
    expect(headers['content-security-policy']).not.toContain('allow-');
    expect([headers['content-disposition'], headers['x-frame-options']]).toEqual(['inline', undefined]);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(text).toBe((await file(id, 'html')).toString('utf8'));
    await house.get(`/v1/reports/${id}/files/json?as=page`, auditor).expect(400);
    const download = await house.get(`/v1/reports/${id}/files/html`, auditor).expect(200);
    expect(download.headers['content-disposition']).toMatch(/^attachment/);
  });

  it('review who had which role, who used it, and what nobody used', async () => {
    const { id } = await issue({ kind: 'access-review' });
    const report = (await file(id, 'json')).toString('utf8');
    expect(report).toContain('report-auditor');
    expect(report).toMatch(/Not used in the period/);
    await house.post('/v1/reports', engineer, { kind: 'access-review' }).expect(403);
    await house.post('/v1/reports', engineer, { kind: 'data-protection', project: PROJECT }).expect(403);
    await house.get(`/v1/reports/${id}`, engineer).expect(404);
    await house.get(`/v1/reports/${id}/files/json`, engineer).expect(404);
    await house.get(`/v1/reports/${id}/proof`, engineer).expect(404);
  });

  it('are listed in pages to who may read them, and tell only of their period', async () => {
    const now = new Date().toISOString();
    const { id } = await issue({ kind: 'change-history', project: PROJECT, from: now });
    const report = (await file(id, 'json')).toString('utf8');
    expect(report).toContain('Nothing changed in this period.');
    const whole = await issue({ kind: 'change-history', project: PROJECT });
    expect((await file(whole.id, 'json')).toString('utf8')).toContain(
      'alias champion of approval moved to version 1',
    );
    await issue({ kind: 'dataset', project: PROJECT, dataset: 'applications' }, engineer);
    const first = (await house.get(`/v1/reports?project=${PROJECT}&limit=2`, engineer).expect(200)).body as {
      items: { kind: string }[];
      next: string;
    };
    expect(first.items[0]).toMatchObject({ kind: 'dataset', dataset: 'applications' });
    await house.get(`/v1/reports?project=${PROJECT}&limit=2&after=${first.next}`, engineer).expect(200);
    const sheets = (await house.get('/v1/reports?kind=dataset', auditor).expect(200)).body as typeof first;
    expect([...new Set(sheets.items.map(({ kind }) => kind))]).toEqual(['dataset']);
    await house.get('/v1/reports?kind=nonsense', auditor).expect(400);
    const mine = (await house.get('/v1/reports?limit=200', engineer).expect(200)).body as {
      items: { kind: string }[];
    };
    expect(mine.items.some(({ kind }) => kind === 'access-review')).toBe(false);
  });

  it('refuse an order that makes no sense, and whoever may not have reports made', async () => {
    await house.post('/v1/reports', auditor, { kind: 'model-card', project: PROJECT }).expect(400);
    await house.post('/v1/reports', auditor, { kind: 'dataset', dataset: 'applications' }).expect(400);
    await house.post('/v1/reports', auditor, { kind: 'nonsense' }).expect(400);
    await house
      .post('/v1/reports', auditor, {
        kind: 'change-history',
        project: PROJECT,
        from: '2026-01-02T00:00:00Z',
        to: '2026-01-01T00:00:00Z',
      })
      .expect(400);
    await house.post('/v1/reports', engineer, { kind: 'change-history', project: 'flights' }).expect(404);
    await house.get('/v1/reports/nonsense', auditor).expect(404);
    const { id } = await issue({ kind: 'model-card', project: PROJECT, model: 'nobody' });
    expect((await file(id, 'html')).toString('utf8')).toContain('a registered version of the model');
  });
});
