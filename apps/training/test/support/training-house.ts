import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { LocalArtifactStore } from '@steward/artifacts';
import type { Caller } from '@steward/access';
import { InMemoryPolicyStore } from '@steward/access/testing';
import {
  ContractRegistered,
  DatasetVersionCreated,
  type JsonEventDefinition,
  type PayloadOf,
} from '@steward/contracts';
import { DatabaseModule } from '@steward/database';
import { ObjectStoreDeltaTables, SystemColumns, type DeltaRows, type DeltaSchema } from '@steward/delta';
import { newId, sha256 } from '@steward/kernel';
import { MessagingModule } from '@steward/messaging';
import { createApplication, makeLogger, RunningService } from '@steward/service';
import { createTestDatabase, eventually, Neighbour, type TestDatabase } from '@steward/testing';
import { Client } from 'pg';
import { AppModule } from '../../src/app.module';
import { lendingContract, lendingTable, type LendingBatch } from '../../src/experiment/lending.factory';
import { SOURCE_ARGUMENTS } from './source-arguments';

export const PROJECT = 'lending';
const DELTA_PATH = `${PROJECT}/datasets/applications`;

/** A caller as the access guard makes one. */
export function callerOf(person: string): Caller {
  return {
    principal: { id: person, kind: 'person', roles: [], credential: { kind: 'token', id: 't' } },
    correlation: newId(),
    project: PROJECT,
    address: '127.0.0.1',
  };
}

/** Training on a real database, bus and artifact folder, with the services around it played by the test. */
export class TrainingHouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-training-'));
  readonly policy = new InMemoryPolicyStore();
  readonly artifacts = new LocalArtifactStore(join(this.folder, 'artifacts'));
  readonly tables = new ObjectStoreDeltaTables(this.artifacts.objects);
  private readonly running: RunningService[] = [];
  private batches: LendingBatch[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly owner: Client,
    readonly ingestion: Neighbour,
    readonly governance: Neighbour,
    readonly monitoring: Neighbour,
    readonly inference: Neighbour,
  ) {
    this.policy.addProjects(PROJECT);
  }

  static async open(): Promise<TrainingHouse> {
    const database = await createTestDatabase({
      services: ['training', 'ingestion', 'governance', 'monitoring', 'inference'],
    });
    const owner = new Client({ connectionString: database.ownerUrl });
    // Disposing of the database ends this session from the other side.
    owner.on('error', () => undefined);
    await owner.connect();
    const neighbours = (['ingestion', 'governance', 'monitoring', 'inference'] as const).map(
      (service) => new Neighbour(service, database.urlOf(service)),
    );
    await Promise.all(neighbours.map((neighbour) => neighbour.start()));
    const [ingestion, governance, monitoring, inference] = neighbours;
    const house = new TrainingHouse(database, owner, ingestion!, governance!, monitoring!, inference!);
    await house.artifacts.prepare();
    return house;
  }

  /** Starts the service in this process, its training thread included. `works: false`: it queues jobs but takes none. */
  async start(options: { works?: boolean } = {}): Promise<RunningService> {
    const databaseUrl = this.database.urlOf('training');
    const app: INestApplication = await createApplication({
      service: 'training',
      logger: makeLogger('training', 'silent'),
      http: {},
      infrastructure: [
        DatabaseModule.forRoot({ url: databaseUrl, applicationName: 'steward-training' }),
        MessagingModule.forRoot({ service: 'training', bus: 'postgres', brokers: [] }),
      ],
      root: AppModule.forRoot({
        databaseUrl,
        artifactsFolder: join(this.folder, 'artifacts'),
        concurrency: options.works === false ? 0 : 1,
        workerArguments: SOURCE_ARGUMENTS,
      }),
      policy: this.policy,
    });
    const running = await RunningService.start('training', app as never, {
      host: '127.0.0.1',
      httpPort: 0,
      grpcPort: 0,
    });
    this.running.push(running);
    return running;
  }

  /** What ingestion does when the contract is registered. */
  async registerContract(changedBy: string, version = 1): Promise<void> {
    const contract = lendingContract();
    await this.ingestion.say(ContractRegistered, {
      subject: `${PROJECT}/applications`,
      project: PROJECT,
      payload: {
        dataset: 'applications',
        contractVersion: version,
        contractDigest: sha256(JSON.stringify(contract)),
        contract,
        changedBy,
      },
    });
  }

  /** What ingestion does with a batch: the rows in the Delta table, then the event. Returns the rows of the batch. */
  async ingest(batch: LendingBatch): Promise<DeltaRows> {
    const before = lendingTable(this.batches).rows;
    this.batches = [...this.batches, batch];
    const whole = lendingTable(this.batches);
    const rows: DeltaRows = {
      rows: whole.rows - before,
      columns: Object.fromEntries(
        Object.entries(whole.columns).map(([name, values]) => [name, values.slice(before)]),
      ),
    };
    const number = this.batches.length;
    const { version } = await this.tables.append(DELTA_PATH, {
      schema: SCHEMA,
      rows,
      appId: 'applications',
      txnVersion: number,
      info: {},
    });
    const labelledRows = whole.columns[SystemColumns.source]!.filter(
      (source) => source === 'labelled',
    ).length;
    await this.ingestion.say(DatasetVersionCreated, {
      subject: `${PROJECT}/applications`,
      project: PROJECT,
      payload: {
        dataset: 'applications',
        version: number,
        digest: sha256(`dataset ${number}`),
        contractVersion: 1,
        contractDigest: sha256(JSON.stringify(lendingContract())),
        deltaPath: DELTA_PATH,
        deltaVersion: version,
        rows: whole.rows,
        labelledRows,
        batch: {
          number,
          digest: sha256(batch.file),
          source: batch.source,
          read: rows.rows,
          accepted: rows.rows,
          quarantined: 0,
        },
      },
    });
    return rows;
  }

  /** Rows of training's own tables, read as the owner. */
  async rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.owner.query<Row>(`SET search_path = training`),
    await this.owner.query<Row>(sql, [...parameters])).rows;
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

  /** Waits for at least so many events of one kind. */
  async waitForEvents<Definition extends JsonEventDefinition>(
    definition: Definition,
    atLeast: number,
    withinMs = 60_000,
  ): Promise<PayloadOf<Definition>[]> {
    return await eventually(
      async () => {
        const found = await this.events(definition);
        if (found.length < atLeast) throw new Error(`${found.length} of ${atLeast} ${definition.type}`);
        return found;
      },
      { withinMs },
    );
  }

  async close(): Promise<void> {
    for (const running of this.running) await running.close();
    await Promise.all(
      [this.ingestion, this.governance, this.monitoring, this.inference].map((each) => each.stop()),
    );
    await this.owner.end();
    await this.database.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const SCHEMA: DeltaSchema = {
  fields: [
    ...lendingContract().columns.map(({ name, type }) => ({
      name,
      type:
        type === 'string'
          ? ('string' as const)
          : type === 'integer'
            ? ('long' as const)
            : ('double' as const),
      nullable: false,
    })),
    { name: SystemColumns.batch, type: 'long', nullable: false },
    { name: SystemColumns.batchDigest, type: 'string', nullable: false },
    { name: SystemColumns.row, type: 'long', nullable: false },
    { name: SystemColumns.rowKey, type: 'string', nullable: false },
    { name: SystemColumns.source, type: 'string', nullable: false },
    { name: SystemColumns.subject, type: 'string', nullable: true },
    { name: SystemColumns.prediction, type: 'string', nullable: true },
  ],
};
