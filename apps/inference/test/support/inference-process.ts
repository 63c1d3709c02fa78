import { fork, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltInRoles } from '@steward/access';
import { LocalArtifactStore } from '@steward/artifacts';
import {
  AliasChanged,
  ApiKeyChanged,
  PolicyHeartbeat,
  PredictionLogged,
  PrincipalChanged,
  ProjectChanged,
  RoleChanged,
  type CallLimits,
  type JsonEventDefinition,
  type ModelDescriptor,
  type PayloadOf,
} from '@steward/contracts';
import { newId } from '@steward/kernel';
import {
  createTestDatabase,
  eventsInLog,
  eventually,
  Neighbour,
  TcpGate,
  type TestDatabase,
} from '@steward/testing';
import { Client } from 'pg';
import { SOURCES } from '../../src/threads/source-arguments.factory';

export const PROJECT = 'lending';
const HEARTBEAT_MS = 5_000;

interface Ready {
  readonly httpPort: number;
  readonly grpcPort: number;
}

/** A prediction as it stands in the log: `producer` is the worker's, in which `sequence` counts. */
export interface LoggedEntry {
  readonly predictionId: string;
  readonly partition: number;
  readonly producer: string;
  readonly sequence: number;
}

/** Bytes of a process after a full garbage collection. */
export interface Collected {
  readonly heapUsed: number;
  readonly external: number;
  readonly rss: number;
}

/** How the process is started. */
export interface ProcessOptions {
  readonly main: string;
  readonly execArgv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the machine whose key callers use. Default: service. */
  readonly roles?: readonly string[];
  /** Its way to the database can be {@link InferenceProcess.cut}; it then leads through this process. Default: no. */
  readonly severable?: boolean;
}

/** Inference from its sources: the process, its workers and their threads. */
export const FROM_SOURCES = {
  main: join(__dirname, '..', 'process', 'main.cjs'),
  execArgv: [],
  environment: { NODE_OPTIONS: SOURCES.join(' ') },
} as const satisfies ProcessOptions;

/** Inference as a process of its own on a real database and bus, with training and governance played by the caller. */
export class InferenceProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-inference-process-'));
  readonly artifacts = new LocalArtifactStore(join(this.folder, 'artifacts'));
  /** `Bearer <API key>` of a machine that may predict. */
  readonly authorization: string;
  private readonly secret = randomBytes(32).toString('base64url');
  private child: ChildProcess | null = null;
  private ready: Ready | null = null;
  private heart: NodeJS.Timeout | null = null;
  private log = '';

  private constructor(
    private readonly options: ProcessOptions,
    readonly database: TestDatabase,
    readonly owner: Client,
    private readonly training: Neighbour,
    private readonly governance: Neighbour,
    private readonly way: TcpGate | null,
  ) {
    this.authorization = `Bearer stw_0123456789abcdef_${this.secret}`;
  }

  /** Starts what stands around the process; {@link start} starts the process itself. */
  static async open(options: ProcessOptions): Promise<InferenceProcess> {
    const database = await createTestDatabase({ services: ['inference', 'training', 'governance'] });
    const owner = new Client({ connectionString: database.ownerUrl });
    // Disposing of the database ends this session from the other side.
    owner.on('error', () => undefined);
    await owner.connect();
    const neighbours = (['training', 'governance'] as const).map(
      (service) => new Neighbour(service, database.urlOf(service)),
    );
    await Promise.all(neighbours.map((neighbour) => neighbour.start()));
    const way = options.severable ? await TcpGate.to(database.urlOf('inference')) : null;
    const house = new InferenceProcess(options, database, owner, neighbours[0]!, neighbours[1]!, way);
    await house.artifacts.prepare();
    await house.publishPolicy();
    return house;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  get grpcAddress(): string {
    return `127.0.0.1:${this.ready!.grpcPort}`;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ready!.httpPort}`;
  }

  /** Its log so far, for a failing test. */
  get output(): string {
    return this.log;
  }

  /** Process ids of the workers; empty where the process does the work itself. Linux only. */
  workers(): number[] {
    const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8');
    return children.trim().split(' ').filter(Boolean).map(Number);
  }

  async start(): Promise<void> {
    const child = fork(this.options.main, [], {
      env: {
        PATH: process.env.PATH,
        STEWARD_INFERENCE_DATABASE_URL: this.way?.url ?? this.database.urlOf('inference'),
        STEWARD_DATA_DIR: this.folder,
        STEWARD_LOG_LEVEL: 'info',
        ...this.options.environment,
      },
      execArgv: [...this.options.execArgv],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream!.on('data', (part) => (this.log += String(part)));
    this.ready = await new Promise<Ready>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Ready));
      child.once('exit', () => reject(new Error(`It ended before it was ready: ${this.log}`)));
    });
  }

  /** Ends the process in order and resolves with its status. */
  async stop(): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    return await new Promise((resolve) => {
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** What is left in the process after a full garbage collection; it needs `--expose-gc` in its `execArgv`. */
  async collected(): Promise<Collected> {
    const from = this.log.length;
    process.kill(this.pid, 'SIGUSR2');
    return eventually(() => {
      const said = /^collected (\{.+\})$/m.exec(this.log.slice(from))?.[1];
      if (said === undefined) throw new Error('It has not said that it collected its garbage.');
      return JSON.parse(said) as Collected;
    });
  }

  /** Takes the database, and with it the bus, away from inference; it must be `severable`. */
  cut(): void {
    this.way!.cut();
  }

  mend(): void {
    this.way!.mend();
  }

  /** What training does when an approved version becomes champion, or gets another alias. */
  async champion(descriptor: ModelDescriptor, alias = 'champion'): Promise<void> {
    await this.training.say(AliasChanged, {
      subject: `${PROJECT}/${descriptor.model}`,
      project: PROJECT,
      payload: { alias, descriptor, previous: null, requestId: newId(), approvers: ['u-ann'] },
    });
  }

  /** Payloads of the domain events of one kind in the log, in its order. */
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

  /** Prediction ids in the log, one entry an event. */
  async loggedPredictions(): Promise<string[]> {
    return (await this.loggedInOrder()).map(({ predictionId }) => predictionId);
  }

  /** The predictions in the log with who wrote them, each partition in its order. */
  async loggedInOrder(): Promise<LoggedEntry[]> {
    const records = await eventsInLog(this.owner, PredictionLogged.topic.name);
    return records.map(({ value, headers, partition }) => ({
      producer: headers['ce_stewardproducer']!,
      sequence: Number(headers['ce_stewardsequence']),
      predictionId: PredictionLogged.codec.decode(value).predictionId,
      partition,
    }));
  }

  async close(): Promise<void> {
    if (this.heart) clearInterval(this.heart);
    await this.stop();
    await Promise.all([this.training.stop(), this.governance.stop()]);
    await this.way?.close();
    await this.owner.end();
    await this.database.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What governance does when the policy changes; resolves when it is on its way. */
  policy<Definition extends JsonEventDefinition>(
    definition: Definition,
    payload: PayloadOf<Definition>,
  ): Promise<string> {
    return this.governance.say(definition, { subject: 'policy', project: null, payload });
  }

  /** Makes the API key of a principal, or changes its state or limits; returns what callers send. */
  async key(
    keyId: string,
    principalId: string,
    state: 'active' | 'revoked' = 'active',
    limits: CallLimits | null = null,
  ): Promise<string> {
    const secretDigest = createHash('sha256').update(this.secret).digest('hex');
    await this.policy(ApiKeyChanged, {
      keyId,
      secretDigest,
      principalId,
      state,
      expiresAt: null,
      project: null,
      limits,
    });
    return `Bearer stw_${keyId}_${this.secret}`;
  }

  private async publishPolicy(): Promise<void> {
    const say = this.policy.bind(this);
    for (const [role, rules] of Object.entries(BuiltInRoles)) {
      const copies = rules.map(({ action, subject }) => ({ action: [...action], subject: [...subject] }));
      await say(RoleChanged, { role, roleVersion: 1, rules: copies });
    }
    await say(ProjectChanged, { projectId: PROJECT, state: 'active' });
    await say(PrincipalChanged, {
      principalId: 'm-desk',
      kind: 'machine',
      state: 'active',
      roles: (this.options.roles ?? ['service']).map((role) => ({ role, project: PROJECT })),
      tokensNotBefore: null,
    });
    await this.key('0123456789abcdef', 'm-desk');
    await say(PolicyHeartbeat, { beat: 1 });
    this.heart = setInterval(() => void say(PolicyHeartbeat, { beat: 1 }), HEARTBEAT_MS);
    this.heart.unref();
  }
}
