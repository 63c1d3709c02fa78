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
  type ModelDescriptor,
  type OutcomeRecordedMessage,
  type PayloadOf,
  type PredictionLoggedMessage,
} from '@steward/contracts';
import { DatabaseModule } from '@steward/database';
import { newId } from '@steward/kernel';
import { MessagingModule } from '@steward/messaging';
import { createApplication, makeLogger, RunningService } from '@steward/service';
import { createTestDatabase, eventsInLog, Neighbour, TcpGate, type TestDatabase } from '@steward/testing';
import { Client } from 'pg';
import { AppModule } from '../../src/app.module';
import { InferenceConfig, InferenceSettings } from '../../src/inference.config';
import { LIMITS } from '../../src/limits';
import { SOURCES } from '../../src/threads/source-arguments.factory';

export const PROJECT = 'lending';

/** Inference on a real database, bus and artifact folder, with training played by the test. */
export class InferenceHouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-inference-'));
  readonly policy = new InMemoryPolicyStore();
  readonly artifacts = new LocalArtifactStore(join(this.folder, 'artifacts'));
  private running: RunningService | null = null;

  private constructor(
    readonly database: TestDatabase,
    readonly owner: Client,
    readonly training: Neighbour,
    readonly monitoring: Neighbour,
    private readonly way: TcpGate,
  ) {
    this.policy.addProjects(PROJECT, 'other');
  }

  static async open(): Promise<InferenceHouse> {
    const database = await createTestDatabase({
      services: ['inference', 'ingestion', 'training', 'monitoring', 'governance'],
    });
    const owner = new Client({ connectionString: database.ownerUrl });
    // Disposing of the database ends this session from the other side.
    owner.on('error', () => undefined);
    await owner.connect();
    const training = new Neighbour('training', database.urlOf('training'));
    const monitoring = new Neighbour('monitoring', database.urlOf('monitoring'));
    await Promise.all([training.start(), monitoring.start()]);
    const way = await TcpGate.to(database.urlOf('inference'));
    const house = new InferenceHouse(database, owner, training, monitoring, way);
    await house.artifacts.prepare();
    return house;
  }

  async start(): Promise<string> {
    const app: INestApplication = await createApplication({
      service: 'inference',
      logger: makeLogger('inference', 'silent'),
      http: LIMITS.http,
      infrastructure: [
        DatabaseModule.forRoot({
          url: this.way.url,
          applicationName: 'steward-inference',
        }),
        MessagingModule.forRoot({ service: 'inference', bus: 'postgres', brokers: [] }),
      ],
      root: AppModule.forRoot(new InferenceConfig(InferenceSettings.parse({}), SOURCES), this.folder),
      policy: this.policy,
    });
    const where = { host: '127.0.0.1', httpPort: 0, grpcPort: 0 };
    this.running = await RunningService.start('inference', app as never, where, LIMITS.grpc);
    return `http://127.0.0.1:${this.running.httpPort}`;
  }

  get grpcAddress(): string {
    return `127.0.0.1:${this.running!.grpcPort}`;
  }

  async stopService(): Promise<void> {
    await this.running?.close();
    this.running = null;
  }

  /** What training does when an approved version becomes an alias. */
  async alias(descriptor: ModelDescriptor, alias = 'champion'): Promise<void> {
    await this.training.say(AliasChanged, {
      subject: `${PROJECT}/${descriptor.model}`,
      project: PROJECT,
      payload: { alias, descriptor, previous: null, requestId: newId(), approvers: ['u-ann'] },
    });
  }

  private async values(topic: string, type: string): Promise<Buffer[]> {
    const records = await eventsInLog(this.owner, topic);
    return records.filter(({ headers }) => headers['ce_type'] === type).map(({ value }) => value);
  }

  async events<Definition extends JsonEventDefinition>(
    definition: Definition,
  ): Promise<PayloadOf<Definition>[]> {
    const values = await this.values(definition.topic.name, definition.type);
    return values.map((value) => JSON.parse(value.toString('utf8')) as PayloadOf<Definition>);
  }

  async predictions(): Promise<PredictionLoggedMessage[]> {
    const values = await this.values(PredictionLogged.topic.name, PredictionLogged.type);
    return values.map((value) => PredictionLogged.codec.decode(value));
  }

  async outcomes(): Promise<OutcomeRecordedMessage[]> {
    const values = await this.values(OutcomeRecorded.topic.name, OutcomeRecorded.type);
    return values.map((value) => OutcomeRecorded.codec.decode(value));
  }

  /** Takes the database, and with it the bus, away from inference. */
  cut(): void {
    this.way.cut();
  }

  mend(): void {
    this.way.mend();
  }

  async close(): Promise<void> {
    await this.stopService();
    await Promise.all([this.training.stop(), this.monitoring.stop()]);
    await this.way.close();
    await this.owner.end();
    await this.database.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
