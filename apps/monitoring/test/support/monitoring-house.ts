import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { LocalArtifactStore } from '@steward/artifacts';
import { InMemoryPolicyStore } from '@steward/access/testing';
import {
  AliasChanged,
  OutcomeRecorded,
  PredictionLogged,
  type JsonEventDefinition,
  type PayloadOf,
  type PredictionLoggedMessage,
} from '@steward/contracts';
import { DatabaseModule } from '@steward/database';
import { newId } from '@steward/kernel';
import { MessagingModule } from '@steward/messaging';
import { createApplication, makeLogger, RunningService } from '@steward/service';
import { createTestDatabase, eventually, Neighbour, type TestDatabase } from '@steward/testing';
import { Client } from 'pg';
import { AppModule } from '../../src/app.module';
import { MonitoringConfig, MonitoringSettings } from '../../src/monitoring.config';
import { descriptorOf, MODEL, PROJECT, referenceOf } from './lending.factory';

/** Monitoring on a real database, bus and artifact folder, with the services around it played by the test. */
export class MonitoringHouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-monitoring-'));
  readonly policy = new InMemoryPolicyStore();
  readonly artifacts = new LocalArtifactStore(join(this.folder, 'artifacts'));
  app!: INestApplication;
  private running: RunningService | null = null;
  private previous: PayloadOf<typeof AliasChanged>['previous'] = null;

  private constructor(
    readonly database: TestDatabase,
    readonly owner: Client,
    readonly training: Neighbour,
    readonly governance: Neighbour,
    readonly inference: Neighbour,
  ) {
    this.policy.addProjects(PROJECT, 'other');
  }

  static async open(): Promise<MonitoringHouse> {
    const services = ['training', 'governance', 'inference'] as const;
    const database = await createTestDatabase({ services: ['monitoring', ...services] });
    const owner = new Client({ connectionString: database.ownerUrl });
    // Disposing of the database ends this session from the other side.
    owner.on('error', () => undefined);
    await owner.connect();
    const [training, governance, inference] = services.map(
      (service) => new Neighbour(service, database.urlOf(service)),
    );
    await Promise.all([training!, governance!, inference!].map((neighbour) => neighbour.start()));
    const house = new MonitoringHouse(database, owner, training!, governance!, inference!);
    await house.artifacts.prepare();
    return house;
  }

  async start(): Promise<string> {
    const app: INestApplication = await createApplication({
      service: 'monitoring',
      logger: makeLogger('monitoring', 'silent'),
      http: {},
      infrastructure: [
        DatabaseModule.forRoot({
          url: this.database.urlOf('monitoring'),
          applicationName: 'steward-monitoring',
        }),
        MessagingModule.forRoot({ service: 'monitoring', bus: 'postgres', brokers: [] }),
      ],
      root: AppModule.forRoot(
        new MonitoringConfig(MonitoringSettings.parse({})),
        join(this.folder, 'artifacts'),
      ),
      policy: this.policy,
    });
    this.app = app;
    this.running = await RunningService.start('monitoring', app as never, {
      host: '127.0.0.1',
      httpPort: 0,
      grpcPort: 0,
    });
    return `http://127.0.0.1:${this.running.httpPort}`;
  }

  get grpcAddress(): string {
    return `127.0.0.1:${this.running!.grpcPort}`;
  }

  async stopService(): Promise<void> {
    await this.running?.close();
    this.running = null;
  }

  /** What training does when an approved version becomes champion. */
  async alias(version: number, options: { shifted?: boolean; model?: string } = {}): Promise<void> {
    const { digest } = await this.artifacts.put(
      Buffer.from(JSON.stringify(referenceOf(options.shifted ?? false))),
    );
    const descriptor = descriptorOf(options.model ?? MODEL, version, digest);
    await this.training.say(AliasChanged, {
      subject: `${PROJECT}/${descriptor.model}`,
      project: PROJECT,
      payload: {
        alias: 'champion',
        descriptor,
        previous: this.previous,
        requestId: newId(),
        approvers: ['u-ann'],
      },
    });
    this.previous = { version, digest: descriptor.digest, referenceDigest: digest };
    await eventually(async () => {
      const rows = await this.rows(
        `SELECT 1 FROM champion WHERE model = $1 AND (descriptor->>'version')::int = $2`,
        [descriptor.model, version],
      );
      if (rows.length === 0) throw new Error(`Version ${version} is no champion yet.`);
    });
  }

  async predict(...messages: readonly PredictionLoggedMessage[]): Promise<void> {
    await Promise.all(
      messages.map((payload) =>
        this.inference.runtime.telemetry.append(PredictionLogged, {
          subject: payload.predictionId,
          project: payload.project,
          correlation: newId(),
          actor: payload.caller,
          payload,
        }),
      ),
    );
  }

  async outcome(
    predictionId: string,
    rows: readonly number[],
    labels: readonly string[],
    project = PROJECT,
  ): Promise<void> {
    await this.inference.runtime.telemetry.append(OutcomeRecorded, {
      subject: predictionId,
      project,
      correlation: newId(),
      actor: 'u-caller',
      payload: {
        predictionId,
        project,
        rows: [...rows],
        labels: [...labels],
        timeMs: Date.now(),
        caller: 'u-caller',
      },
    });
  }

  /** Rows of monitoring's own tables, read as the owner. */
  async rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    await this.owner.query('SET search_path = monitoring');
    return (await this.owner.query<Row>(sql, [...parameters])).rows;
  }

  /** Payloads of the events of one kind in the log, in its order. */
  async events<Definition extends JsonEventDefinition>(
    definition: Definition,
  ): Promise<PayloadOf<Definition>[]> {
    const { rows } = await this.owner.query<{ value: Buffer }>(
      `SELECT r.value FROM event_log.record r JOIN event_log.topic t ON t.id = r.topic_id
       WHERE t.name = $1 AND r.headers->>'ce_type' = $2 ORDER BY r.appended_at, r.partition, r."offset"`,
      [definition.topic.name, definition.type],
    );
    return rows.map(({ value }) => JSON.parse(value.toString('utf8')) as PayloadOf<Definition>);
  }

  /** Waits until monitoring has counted so many predicted rows in all. */
  async counted(predictions: number): Promise<void> {
    await eventually(
      async () => {
        const [row] = await this.rows<{ sum: string | null }>('SELECT sum(predictions) AS sum FROM observed');
        if (Number(row?.sum ?? 0) !== predictions)
          throw new Error(`${row?.sum ?? 0} of ${predictions} counted.`);
      },
      { withinMs: 30_000 },
    );
  }

  async close(): Promise<void> {
    await this.stopService();
    await Promise.all([this.training, this.governance, this.inference].map((each) => each.stop()));
    await this.owner.end();
    await this.database.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
