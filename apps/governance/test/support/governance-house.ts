import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApprovalRequested, Services, type JsonEventDefinition, type PayloadOf } from '@steward/contracts';
import { DatabaseModule } from '@steward/database';
import { newId, sha256 } from '@steward/kernel';
import { MessagingModule } from '@steward/messaging';
import { createApplication, makeLogger, RunningService } from '@steward/service';
import { createTestDatabase, eventually, Neighbour, type TestDatabase } from '@steward/testing';
import { Client } from 'pg';
import request from 'supertest';
import { AppModule } from '../../src/app.module';

export const ADMIN_PASSWORD = 'correct horse battery';
export const PROJECT = 'lending';

/** Training, which speaks of the model `approval` of the project. */
class Training extends Neighbour {
  tell<Definition extends JsonEventDefinition>(
    definition: Definition,
    payload: PayloadOf<Definition>,
    actor: string,
    correlation: string = newId(),
  ): Promise<string> {
    return this.say(definition, {
      subject: `${PROJECT}/approval`,
      project: PROJECT,
      correlation,
      actor,
      payload,
    });
  }
}

/** Governance as a whole, on a database and a keys folder of its own that outlive its processes. */
export class GovernanceHouse {
  database!: TestDatabase;
  folder!: string;
  owner!: Client;
  running!: RunningService;
  app!: Awaited<ReturnType<typeof createApplication>>;
  training!: Training;
  admin = '';
  /** What differs from the usual at the next start. */
  options: Partial<Parameters<typeof AppModule.forRoot>[0]> = {};
  private readonly logins = new Map<string, { id: string; token: string }>();

  /** An empty password lets governance make one and tell it to whoever started it. */
  static async open(password: string | undefined = ADMIN_PASSWORD): Promise<GovernanceHouse> {
    const house = new GovernanceHouse();
    house.database = await createTestDatabase({ services: [...Services] });
    house.folder = await mkdtemp(join(tmpdir(), 'governance-'));
    house.owner = new Client({ connectionString: house.database.ownerUrl });
    await house.owner.connect();
    house.training = new Training('training', house.database.urlOf('training'));
    await house.training.start();
    await house.start(password);
    return house;
  }

  async start(password: string | undefined = ADMIN_PASSWORD): Promise<void> {
    const app = await createApplication({
      service: 'governance',
      logger: makeLogger('governance', 'silent'),
      http: {},
      infrastructure: [
        DatabaseModule.forRoot({ url: this.database.urlOf('governance') }),
        MessagingModule.forRoot({ service: 'governance', bus: 'postgres', brokers: [], stoppedRetryMs: 200 }),
      ],
      root: AppModule.forRoot({
        keysFolder: join(this.folder, 'keys'),
        artifactsFolder: join(this.folder, 'artifacts'),
        environment: 'staging',
        ...this.options,
        tokenSeconds: 3_600,
        firstPassword: password === '' ? undefined : password,
      }),
    });
    this.app = app;
    const where = { host: '127.0.0.1', httpPort: 0, grpcPort: 0 };
    this.running = await RunningService.start('governance', app, where);
    await eventually(() => request(this.url).get('/health/ready').expect(200));
  }

  get url(): string {
    return `http://127.0.0.1:${this.running.httpPort}`;
  }

  async close(): Promise<void> {
    await this.running.close();
    await this.training.stop();
    await this.owner.end();
    await this.database.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Logs in, and waits until the token is known everywhere in this process. */
  async login(user: string, password: string): Promise<string> {
    const { body } = await request(this.url).post('/v1/login').send({ user, password }).expect(200);
    const token = `Bearer ${(body as { token: string }).token}`;
    await eventually(() => this.get('/v1/me', token).expect(200));
    return token;
  }

  get(path: string, credential: string) {
    return request(this.url).get(path).set('authorization', credential);
  }

  post(path: string, credential: string, body: object = {}) {
    return request(this.url).post(path).set('authorization', credential).send(body);
  }

  put(path: string, credential: string, body: object) {
    return request(this.url).put(path).set('authorization', credential).send(body);
  }

  patch(path: string, credential: string, body: object) {
    return request(this.url).patch(path).set('authorization', credential).send(body);
  }

  delete(path: string, credential: string) {
    return request(this.url).delete(path).set('authorization', credential);
  }

  async asAdmin(): Promise<string> {
    this.admin ||= await this.login('administrator', ADMIN_PASSWORD);
    return this.admin;
  }

  /** Makes a person with these roles, everywhere, and logs in. Password: `<name>-password`. */
  async person(name: string, roles: string[], by?: string): Promise<{ id: string; token: string }> {
    const known = this.logins.get(name);
    if (known) return known;
    const password = `${name}-password-1`;
    const bindings = roles.map((role) => ({ role, project: null }));
    const maker = by ?? (await this.asAdmin());
    const { body } = await this.post('/v1/users', maker, { user: name, password, roles: bindings }).expect(
      201,
    );
    const made = { id: (body as { id: string }).id, token: await this.login(name, password) };
    await eventually(async () => {
      const me = await this.get('/v1/me', made.token).expect(200);
      expect((me.body as { roles: unknown[] }).roles).toHaveLength(roles.length);
    });
    this.logins.set(name, made);
    return made;
  }

  async project(name = PROJECT): Promise<void> {
    await this.post('/v1/projects', await this.asAdmin(), { project: name }).expect(201);
    await eventually(async () => this.get(`/v1/projects/${name}`, await this.asAdmin()).expect(200));
  }

  /** Training asks for approval, and governance has taken the request in. */
  async ask(
    change: Partial<PayloadOf<typeof ApprovalRequested>> = {},
    by = 'u-nobody',
  ): Promise<PayloadOf<typeof ApprovalRequested>> {
    const payload = approvalRequest(change);
    await this.training.tell(ApprovalRequested, payload, by);
    await eventually(async () =>
      this.get(`/v1/projects/${PROJECT}/approvals/${payload.requestId}`, await this.asAdmin()).expect(200),
    );
    return payload;
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
}

let versions = 0;

/** A request as training makes it: gates pass, nobody is excluded, no champion yet. */
export function approvalRequest(
  change: Partial<PayloadOf<typeof ApprovalRequested>> = {},
): PayloadOf<typeof ApprovalRequested> {
  versions += 1;
  return {
    requestId: newId(),
    model: 'approval',
    version: versions,
    digest: sha256(`model ${versions}`),
    alias: 'champion',
    replaces: null,
    runId: newId(),
    evaluationDigest: sha256('evaluation'),
    trigger: 'person',
    retrainId: null,
    figures: { auc: 0.81, demographicParityRatio: 0.87, rows: 240 },
    sensitiveInputs: [],
    comparison: null,
    excluded: [],
    ...change,
  };
}
