import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withAdmin } from '../../src/kafka/kafka-topics';
import { eventually } from './eventually';

const LAUNCHER = join(__dirname, '..', '..', '..', '..', 'tools', 'kafka', 'kafka.mjs');

function missing(): string | null {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (Number(/version "(\d+)/.exec(java.stderr ?? '')?.[1] ?? 0) < 17) return 'Java 17';
  const jars = join(LAUNCHER, '..', '..', '..', 'node_modules', '.cache', 'steward-kafka');
  return existsSync(jars) || spawnSync('mvn', ['-v']).status === 0 ? null : 'Maven';
}

/** A suite that needs a real Kafka: skipped with a loud line where Java or Maven is missing; in CI that is a failure. */
export function describeWithKafka(name: string, suite: () => void): void {
  const absent = missing();
  if (!absent) {
    describe(name, suite);
  } else if (process.env.CI) {
    describe(name, () => {
      it('has what it needs', () => {
        throw new Error(`This suite needs ${absent}, and in CI it must not be skipped.`);
      });
    });
  } else {
    process.stderr.write(`\n*** SKIPPED: "${name}" needs ${absent}, which is not installed. ***\n\n`);
    describe.skip(name, suite);
  }
}

/** A broker of tools/kafka with a data folder of its own. */
export class KafkaBroker {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly data: string,
    readonly port: number,
  ) {}

  static async start(): Promise<KafkaBroker> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const broker = new KafkaBroker(await mkdtemp(join(tmpdir(), 'steward-kafka-')), port);
    await broker.up();
    return broker;
  }

  get brokers(): string[] {
    return [`127.0.0.1:${this.port}`];
  }

  async up(): Promise<void> {
    const args = [LAUNCHER, '--port', String(this.port), '--data', this.data];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('listens on') && resolve());
      child.once('exit', () => reject(new Error(`Kafka did not start:\n${said}`)));
    });
  }

  async down(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  /** Deletes all topics and groups, so that the next test begins with an empty log. */
  async clear(): Promise<void> {
    await withAdmin(this.brokers, async (admin) => {
      const { groups } = await admin.listGroups();
      if (groups.length > 0)
        await admin.deleteGroups(groups.map(({ groupId }) => groupId)).catch(() => undefined);
      const left = async (): Promise<string[]> =>
        (await admin.listTopics()).filter((topic) => topic.startsWith('steward.'));
      const topics = await left();
      if (topics.length > 0) await admin.deleteTopics({ topics });
      // A broker that is busy shows them for a while longer: whoever makes them again would find them there.
      await eventually(async () => expect(await left()).toEqual([]));
    });
  }

  async dispose(): Promise<void> {
    await this.down();
    await rm(this.data, { recursive: true, force: true });
  }
}
