import { InMemoryPolicyStore } from '@steward/access/testing';
import {
  OutcomeRecorded,
  PredictionLogged,
  type OutcomeRecordedMessage,
  type PredictionLoggedMessage,
} from '@steward/contracts';
import { DatabaseModule, PgDatabase } from '@steward/database';
import { MessagingModule, MessagingRuntime } from '@steward/messaging';
import { newId } from '@steward/kernel';
import { createApplication, RunningService } from '@steward/service';
import { createTestDatabase, Neighbour, type TestDatabase } from '@steward/testing';
import pino from 'pino';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import request from 'supertest';
import { AppModule } from '../../src/app.module';
import { IngestionConfig, IngestionSettings } from '../../src/ingestion.config';

export interface Running {
  readonly service: RunningService;
  readonly app: Awaited<ReturnType<typeof createApplication>>;
  readonly url: string;
}

/** Ingestion as a whole on a database and a data folder of its own, which outlive its processes. */
export class IngestionHouse {
  readonly policy = new InMemoryPolicyStore();
  readonly engineer: string;
  readonly machine: string;
  readonly auditor: string;
  readonly officer: string;
  database!: TestDatabase;
  folder!: string;
  owner!: Client;
  running!: Running;
  governance!: Neighbour;
  /** Everything that the service logged, down to traces. */
  logs = '';
  private inference!: { database: PgDatabase; runtime: MessagingRuntime };

  constructor() {
    this.engineer = this.policy.addPrincipal('u-dan', [{ role: 'data-engineer', project: null }]);
    this.machine = this.policy.addPrincipal('m-1', [{ role: 'service', project: 'lending' }], {
      kind: 'machine',
    });
    this.officer = this.policy.addPrincipal('u-pia', [{ role: 'privacy-officer', project: 'lending' }]);
    this.auditor = this.policy.addPrincipal('u-aud', [{ role: 'approver', project: 'lending' }]);
    this.policy.addProjects('lending', 'flights');
  }

  async open(settings: Record<string, string> = {}): Promise<void> {
    this.database = await createTestDatabase({ services: ['ingestion', 'inference', 'governance'] });
    this.folder = await mkdtemp(join(tmpdir(), 'ingestion-'));
    this.owner = new Client({ connectionString: this.database.ownerUrl });
    await this.owner.connect();
    await this.start(settings);
    const database = new PgDatabase({ url: this.database.urlOf('inference'), applicationName: 'test' });
    const runtime = new MessagingRuntime({ service: 'inference', bus: 'postgres', brokers: [] }, database);
    await runtime.start([]);
    this.inference = { database, runtime };
    this.governance = new Neighbour('governance', this.database.urlOf('governance'));
    await this.governance.start();
  }

  async start(settings: Record<string, string> = {}): Promise<Running> {
    const app = await createApplication({
      service: 'ingestion',
      logger: pino({ level: 'trace' }, { write: (line: string) => void (this.logs += line) }),
      http: {},
      infrastructure: [
        DatabaseModule.forRoot({
          url: this.database.urlOf('ingestion'),
          applicationName: 'steward-ingestion',
        }),
        MessagingModule.forRoot({ service: 'ingestion', bus: 'postgres', brokers: [] }),
      ],
      root: AppModule.forRoot(new IngestionConfig(IngestionSettings.parse(settings)), {
        artifacts: join(this.folder, 'artifacts'),
        keys: join(this.folder, 'keys'),
      }),
      policy: this.policy,
    });
    const service = await RunningService.start('ingestion', app, {
      host: '127.0.0.1',
      httpPort: 0,
      grpcPort: 0,
    });
    this.running = { service, app, url: `http://127.0.0.1:${service.httpPort}` };
    return this.running;
  }

  async close(): Promise<void> {
    await this.running.service.close();
    await this.governance.stop();
    await this.inference.runtime.stop();
    await this.inference.database.close();
    await this.owner.end();
    await this.database.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }

  get(path: string, credential = this.engineer) {
    return request(this.running.url).get(`/v1/projects/lending${path}`).set('authorization', credential);
  }

  putContract(dataset: string, document: string, type = 'application/yaml', credential = this.engineer) {
    return request(this.running.url)
      .put(`/v1/projects/lending/datasets/${dataset}/contract`)
      .set('authorization', credential)
      .set('content-type', type)
      .send(document);
  }

  upload(dataset: string, content: string | Buffer, project = 'lending', credential = this.engineer) {
    return request(this.running.url)
      .post(`/v1/projects/${project}/datasets/${dataset}/batches`)
      .set('authorization', credential)
      .set('content-type', 'text/csv')
      .send(content);
  }

  async rows<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.owner.query(sql, parameters)).rows as Row[];
  }

  /** Payloads of a topic's events in the log, oldest first. */
  async events(topic: string): Promise<Record<string, unknown>[]> {
    const found = await this.rows<{ value: Buffer }>(
      `SELECT value FROM event_log.record JOIN event_log.topic ON topic.id = topic_id WHERE name = $1
       ORDER BY partition, "offset"`,
      [topic],
    );
    return found.map(({ value }) => JSON.parse(value.toString('utf8')) as Record<string, unknown>);
  }

  async predicted(message: Partial<PredictionLoggedMessage>): Promise<string> {
    const predictionId = message.predictionId ?? newId();
    await this.inference.runtime.telemetry.append(PredictionLogged, {
      subject: predictionId,
      project: 'lending',
      correlation: newId(),
      actor: 'm-1',
      payload: {
        predictionId,
        firstRow: 0,
        rows: 1,
        project: 'lending',
        model: 'approval',
        modelVersion: 1,
        modelDigest: '0'.repeat(64),
        inputs: [],
        sensitive: [],
        subjects: [],
        scores: [],
        labels: [],
        timeMs: 0,
        caller: 'm-1',
        dataset: 'applications',
        ...message,
      },
    });
    return predictionId;
  }

  async happened(message: Partial<OutcomeRecordedMessage> & { predictionId: string }): Promise<void> {
    await this.inference.runtime.telemetry.append(OutcomeRecorded, {
      subject: message.predictionId,
      project: 'lending',
      correlation: newId(),
      actor: 'm-1',
      payload: { project: 'lending', rows: [0], labels: ['no'], timeMs: 0, caller: 'm-1', ...message },
    });
  }
}
