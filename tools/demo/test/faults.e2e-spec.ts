import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyBundle } from '@steward/audit-log';
import { StewardClient } from '@steward/client';
import { PredictionLogged, Services } from '@steward/contracts';
import { EmbeddedPostgres } from '@steward/database';
import { Platform, startConfig } from '@steward/start';
import { eventsInLog } from '@steward/testing';
import { Client } from 'pg';
import { describeWithKafka, KafkaBroker } from '../../../libs/messaging/test/support/kafka-broker';
import type { DemoStep } from '../src/demo-context';
import { PlainDisplay } from '../src/demo-display';
import { demoOptions } from '../src/demo-options';
import { runDemo, stepsOf } from '../src/run-demo';
import { prove } from '../src/steps/prove';
import { rights } from '../src/steps/rights';
import { twin } from '../src/steps/twin';
import { raceModel } from '../src/steps/train';
import { setPatience, until } from '../src/until';
import { KillSchedule } from './kill-schedule';

const PASSWORD = 'fault-administrator-password';
const LOOPS = Number(process.env.STEWARD_FAULT_LOOPS ?? '2');
const PATIENCE_MS = 60_000;

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** The loop without the second installation and the counter-example, which no fault here can concern. */
const steps: readonly DemoStep[] = stepsOf(demoOptions([])).filter(
  (step) => step !== twin && step !== raceModel && step !== rights,
);

async function asOwner<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const query = <Row extends object>(url: string, sql: string): Promise<Row[]> =>
  asOwner(url, async (client) => (await client.query<Row>(sql)).rows);

async function allReady(platform: Platform): Promise<boolean> {
  const answers = await Promise.all(
    Services.map((service) => fetch(`${platform.entryUrl}/${service}/health/ready`).catch(() => null)),
  );
  return answers.every((answer) => answer?.ok);
}

/** What must hold of every store after a loop in which services were killed. */
async function holdNothingLostOrDoubled(
  ownerUrl: string,
  project: string,
  acknowledged: readonly string[],
): Promise<void> {
  const [counted] = await query<{ monitoring: string; windows: string }>(
    ownerUrl,
    `SELECT (SELECT sum(predictions) FROM monitoring.observed WHERE project = '${project}') AS monitoring,
            (SELECT count(*) FROM (SELECT prediction_id, row FROM monitoring.window_row GROUP BY 1, 2 HAVING count(*) > 1) twice) AS windows`,
  );
  expect(Number(counted!.monitoring)).toBeGreaterThanOrEqual(acknowledged.length);
  expect(Number(counted!.windows)).toBe(0);
  const audit = await query<{ entries: string; distinct: string; last: string }>(
    ownerUrl,
    'SELECT count(*) AS entries, count(DISTINCT entry_id) AS distinct, max(index) + 1 AS last FROM governance.audit_entries',
  );
  expect(audit[0]!.entries).toBe(audit[0]!.distinct);
  expect(audit[0]!.entries).toBe(audit[0]!.last);
}

async function faultyLoop(
  seed: number,
  bus: Readonly<Record<string, string>>,
  also: (platform: Platform) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'steward-faults-'));
  const platform = await Platform.start(
    startConfig({
      ...process.env,
      ...bus,
      STEWARD_DATA_DIR: dataDir,
      STEWARD_PORT: '0',
      STEWARD_ADMIN_PASSWORD: PASSWORD,
    }),
    { onNote: write, onFirstAdministrator: () => undefined },
  );
  const kills = new KillSchedule(platform, seed, write);
  setPatience(3);
  try {
    const acknowledged: string[] = [];
    const summary = await runDemo({
      platform,
      options: demoOptions([]),
      administratorPassword: PASSWORD,
      readySeconds: 0,
      patienceMs: PATIENCE_MS,
      display: new PlainDisplay(write),
      steps: steps.map((step, index) => ({
        title: step.title,
        run: async (context) => {
          if (index === 1) kills.start();
          if (index === 4) await also(platform);
          // The last step runs the command line, which is not patient: everything must have been killed and be back.
          if (step === prove) {
            await kills.finished();
            await until('all services to be ready again', PATIENCE_MS, () => allReady(platform));
          }
          const result = await step.run(context);
          acknowledged.splice(0, acknowledged.length, ...context.sent.map(({ prediction }) => prediction));
          return result;
        },
      })),
    });
    kills.stop();
    expect(summary.failed).toBeNull();
    expect(kills.killed).toHaveLength(5);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    await holdNothingLostOrDoubled(platform.database!.ownerUrl, summary.project!, acknowledged);
    // Each predicted row that was answered stands in the log, and what stands there twice has one event id.
    const client = new StewardClient({ url: platform.entryUrl, patienceMs: PATIENCE_MS });
    const { token } = await client.post<{ token: string }>('/governance/v1/login', {
      user: 'administrator',
      password: PASSWORD,
    });
    const { publicKey } = await client.get<{ publicKey: string }>('/governance/v1/audit/public-key');
    const report = await verifyBundle(
      [await client.as(token).bytes('/governance/v1/audit/export')],
      publicKey,
    );
    expect(report.faults).toEqual([]);
    expect(report.valid).toBe(true);
    if (bus.STEWARD_EVENT_BUS !== 'kafka') {
      const logged = await asOwner(platform.database!.ownerUrl, (client) =>
        eventsInLog(client, PredictionLogged.topic.name),
      );
      const ids = new Map<string | null, Set<string | undefined>>();
      for (const { key, headers } of logged) ids.set(key, (ids.get(key) ?? new Set()).add(headers['ce_id']));
      expect(acknowledged.filter((row) => ids.get(row.split('/')[0]!)?.size !== 1)).toEqual([]);
    }
  } finally {
    kills.stop();
    setPatience(1);
    await platform.stop();
    await EmbeddedPostgres.remove(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const seedOf = (loop: number): number =>
  (Number(process.env.STEWARD_FAULT_SEED ?? Date.now() % 1_000_000) + loop * 7919) >>> 0;

describe('every service killed at a random moment, on the PostgreSQL log', () => {
  it.each(Array.from({ length: Math.ceil(LOOPS / 2) }, (_, loop) => seedOf(loop)))(
    'the loop ends with seed %d; PostgreSQL is killed too',
    async (seed) => {
      await faultyLoop(seed, {}, async (platform) => {
        write('PostgreSQL is killed');
        await platform.database!.kill();
      });
    },
    600_000,
  );
});

describeWithKafka('every service killed at a random moment, on Kafka', () => {
  it.each(Array.from({ length: Math.floor(LOOPS / 2) }, (_, loop) => seedOf(loop + 100)))(
    'the loop ends with seed %d; Kafka is stopped for 20 s too',
    async (seed) => {
      const broker = await KafkaBroker.start();
      let back: Promise<void> = Promise.resolve();
      try {
        const bus = { STEWARD_EVENT_BUS: 'kafka', STEWARD_KAFKA_BROKERS: broker.brokers.join(',') };
        await faultyLoop(seed, bus, async () => {
          write('Kafka is stopped for 20 s');
          await broker.down();
          back = new Promise((resolve) => setTimeout(resolve, 20_000)).then(() => broker.up());
        });
      } finally {
        await back;
        await broker.down();
      }
    },
    600_000,
  );
});
