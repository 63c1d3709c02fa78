import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Services } from '@steward/contracts';
import { Platform, startConfig } from '@steward/start';
import { EmbeddedPostgres } from '@steward/database';
import { PlainDisplay } from '../src/demo-display';
import { demoOptions } from '../src/demo-options';
import type { DemoSummary } from '../src/demo-summary';
import { runDemo } from '../src/run-demo';
import { inVain, until } from '../src/until';
import { hasPrometheus, Prometheus } from './support/prometheus';

const execute = promisify(execFile);
const PASSWORD = 'e2e-administrator-password';
const python = process.env.STEWARD_TEST_PYTHON;
const withPython = python ? it : it.skip;
if (!python)
  process.stderr.write(
    'SKIPPED: deltalake, tritonclient, onnxruntime: set STEWARD_TEST_PYTHON (tools/python/requirements.txt).\n',
  );

const K8S = join(__dirname, '..', '..', '..', 'k8s');
const RULES = join(K8S, 'alerts', 'steward.rules.yml');
const withPrometheus = hasPrometheus() ? it : it.skip;
if (!hasPrometheus())
  process.stderr.write('SKIPPED: dashboards and rules need Prometheus, which is not installed.\n');

/** Every query of the Grafana dashboard, by its panel's title. */
function panelQueries(): [string, string][] {
  const dashboard = JSON.parse(readFileSync(join(K8S, 'dashboards', 'steward.json'), 'utf8')) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  return dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }): [string, string] => [title, expr]),
  );
}

describe('the closed loop', () => {
  let dataDir: string;
  let platform: Platform;
  let summary: Partial<DemoSummary>;

  const demo = (...args: string[]) =>
    runDemo({
      platform,
      options: demoOptions(args),
      administratorPassword: PASSWORD,
      readySeconds: 0,
      display: new PlainDisplay((line) => process.stdout.write(`${line}\n`)),
    });

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'steward-loop-'));
    platform = await Platform.start(
      startConfig({
        ...process.env,
        STEWARD_DATA_DIR: dataDir,
        STEWARD_PORT: '0',
        STEWARD_ADMIN_PASSWORD: PASSWORD,
      }),
      { onNote: (text) => process.stdout.write(`${text}\n`), onFirstAdministrator: () => undefined },
    );
    summary = await demo();
  }, 300_000);

  afterAll(async () => {
    await platform?.stop();
    await EmbeddedPostgres.remove(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('holds at every step', () => {
    expect(summary.failed).toBeNull();
    expect(summary.modelDigest).toBe(summary.twinDigest);
    expect(summary.rows).toMatchObject({ read: 1212, accepted: 1200, quarantined: 12 });
    expect(summary.predictions).toMatchObject({ sent: 1060, logged: 1060 });
    expect(summary.alert).toMatchObject({ resolved: true });
    expect(summary.alert?.columns[0]).toBe('single');
    expect(summary.approvalToServedSeconds).toBeLessThan(10);
  });

  withPython(
    'is read as it is by delta-rs, ONNX Runtime, onnx.checker and tritonclient',
    async () => {
      const file = join(dataDir, 'summary.json');
      writeFileSync(file, JSON.stringify(summary));
      const { stdout } = await execute(python!, [join(__dirname, 'python', 'check_clients.py'), file], {
        env: {
          ...process.env,
          STEWARD_URL: platform.entryUrl,
          STEWARD_GRPC: platform.grpcAddress('inference'),
          STEWARD_HTTP: `127.0.0.1:${platform.service('inference').httpPort}`,
          STEWARD_PASSWORD: PASSWORD,
        },
        maxBuffer: 16 * 1024 * 1024,
      });
      expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual({
        delta: true,
        onnx: true,
        runtime: true,
        tritonGrpc: true,
        tritonHttp: true,
      });
    },
    120_000,
  );

  withPrometheus(
    'is seen by Prometheus: every panel of the dashboard has data, rules and metrics are well formed',
    async () => {
      expect(spawnSync('promtool', ['check', 'rules', RULES]).status).toBe(0);
      const ports = Services.map((service) => platform.service(service).httpPort);
      for (const port of ports) {
        const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        const checked = spawnSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
        expect({ port, output: checked.stderr, status: checked.status }).toMatchObject({ status: 0 });
      }
      const prometheus = await Prometheus.start(ports, RULES);
      try {
        const queries = panelQueries();
        expect(queries.length).toBeGreaterThan(15);
        for (const [title, expression] of queries) {
          await until(
            `data for the panel "${title}"`,
            20_000,
            async () => (await prometheus.query(expression).catch(() => [])).length > 0,
          );
        }
      } finally {
        await prometheus.stop();
      }
    },
    120_000,
  );

  it('stays calm in the control run', async () => {
    const control = await demo('--control');
    expect(control.failed).toBeNull();
    expect(control).not.toHaveProperty('alert');
    expect(control).not.toHaveProperty('retrained');
    expect(control.windows?.every(({ verdict }) => verdict === 'ok' || verdict === 'open')).toBe(true);
  }, 180_000);

  /** Each in a project of its own; the one that waits longest for what does not come runs beside the others. */
  describe('that is broken on purpose', () => {
    const LABELS = /retraining to start|window/;
    let withoutLabels: Promise<Partial<DemoSummary>>;

    beforeAll(() => {
      withoutLabels = inVain(LABELS, () => demo('--break', 'labels'));
      withoutLabels.catch(() => undefined);
    });

    it.each([
      ['quarantine', /belong in quarantine/],
      ['approval', /to be served/],
      ['monitor', /a full window to be judged/],
      ['audit-entry', /audit log does not verify/],
    ])(
      'fails when %s is broken',
      async (broken, message) => {
        const failed = await inVain(message, () => demo('--control', '--break', broken));
        expect(failed.failed).toMatch(message);
      },
      180_000,
    );

    it('fails when outcomes never reach the labels', async () => {
      expect((await withoutLabels).failed).toMatch(LABELS);
    }, 180_000);
  });
});
