/**
 * A real, single-node Kafka broker (KRaft) from Maven's jars, for development and tests. Needs Java 17 and Maven.
 * Not for production: one node, replication factor 1, no authentication, 127.0.0.1 only.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..');
const READY_MS = 60_000;
const STOP_MS = 15_000;

/** Says what is missing, or null: Java 17 or newer, and Maven (not needed once the jars are there). */
export function missingForKafka() {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = Number(/version "(\d+)/.exec(java.stderr ?? '')?.[1] ?? 0);
  if (major < 17) return 'Java 17 or newer';
  if (existsSync(jarFolder())) return null;
  return spawnSync('mvn', ['-v']).status === 0 ? null : 'Maven';
}

/** Depends on the POM, so that another version is another folder. */
function jarFolder() {
  const digest = createHash('sha256')
    .update(readFileSync(join(HERE, 'pom.xml')))
    .digest('hex');
  return join(ROOT, 'node_modules', '.cache', 'steward-kafka', digest.slice(0, 12));
}

/** Downloads the jars through Maven, once. Returns their folder. */
export function downloadJars(log = () => undefined) {
  const folder = jarFolder();
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  log('Downloading the jars of Kafka through Maven ...');
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${draft}`, '-DincludeScope=runtime'];
  const result = spawnSync('mvn', ['-B', '-q', '-f', join(HERE, 'pom.xml'), ...goal], { encoding: 'utf8' });
  if (result.status !== 0 || !readdirSync(draft).some((name) => name.startsWith('kafka_'))) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`Maven could not fetch Kafka's jars:\n${result.stdout ?? ''}${result.stderr ?? ''}`);
  }
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another process was faster.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function freePort() {
  const server = createServer();
  await new Promise((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

function properties(port, controllerPort, data) {
  const controller = `127.0.0.1:${controllerPort}`;
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(data, 'log'),
    // Topics are made on purpose, never by a typo.
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 2,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'log.segment.bytes': 64 * 1024 * 1024,
  };
}

/**
 * Ends the broker when our end of the pipe closes, which happens also when we are killed: Java does not notice. The
 * shell's own `read` leaves no other process behind.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null &
broker=$!
echo $broker
( while read -r _ <&3; do :; done; kill -TERM $broker ) 2>/dev/null &
guard=$!
exec 3<&- </dev/null
wait $broker
code=$?
kill $guard 2>/dev/null
exit $code
`;

function javaCommand(jars, main, args) {
  const logging = [
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
  ];
  return [
    'java',
    '-Xms128m',
    '-Xmx384m',
    '-XX:+UseSerialGC',
    ...logging,
    '-cp',
    join(jars, '*'),
    main,
    ...args,
  ];
}

async function run(jars, main, args) {
  const [java, ...rest] = javaCommand(jars, main, args);
  const child = spawn(java, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`${main} failed:\n${said}`);
}

const answers = (port) =>
  new Promise((done) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), done(true)));
    socket.once('error', () => done(false));
  });

/**
 * Starts the broker on a data folder, formatting it first if it is new. Resolves when it accepts connections.
 * @param {{ data: string, port?: number, log?: (line: string) => void }} options port: default any free one
 * @returns {Promise<{ broker: string, port: number, pid: number, ended: Promise<void>, stop(): Promise<void>, kill(): Promise<void> }>}
 */
export async function startBroker({ data, port, log = () => undefined }) {
  const jars = downloadJars(log);
  mkdirSync(data, { recursive: true });
  const ports = await keptPorts(data, port);
  const config = properties(ports.port, ports.controllerPort, data);
  const file = join(data, 'server.properties');
  writeFileSync(
    file,
    Object.entries(config)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  if (!existsSync(join(data, 'log', 'meta.properties'))) {
    const id = randomBytes(16);
    // An id that begins with a dash would be taken for an option.
    id[0] &= 0x7f;
    const cluster = id.toString('base64url');
    await run(jars, 'kafka.tools.StorageTool', ['format', '-t', cluster, '-c', file]);
  }
  const command = ['/bin/sh', '-c', GUARD, 'steward-kafka', ...javaCommand(jars, 'kafka.Kafka', [file])];
  // A session of its own: Ctrl-C in a terminal must reach the services first.
  const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  child.stdin.on('error', () => undefined);
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    last = (last + chunk).slice(-4_000);
    log(chunk.trimEnd());
  });
  let running = true;
  const ended = new Promise((done) => child.once('exit', () => ((running = false), done())));
  const pid = await new Promise((done) => {
    child.stdout.once('data', (said) => done(Number(said.toString())));
    void ended.then(() => done(0));
  });
  const kill = (name) => {
    if (running && pid > 1) process.kill(pid, name);
  };
  for (const until = Date.now() + READY_MS; running && !(await answers(ports.port));) {
    if (Date.now() > until) kill('SIGKILL');
    await new Promise((done) => setTimeout(done, 50));
  }
  if (!running) throw new Error(`Kafka did not start. Its last words:\n${last}`);
  const signal = async (name) => {
    kill(name);
    const timer = setTimeout(() => kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  return {
    broker: `127.0.0.1:${ports.port}`,
    port: ports.port,
    pid,
    ended,
    stop: () => signal('SIGTERM'),
    kill: () => signal('SIGKILL'),
  };
}

/** The controller's port stands in the storage, so a data folder keeps its ports. */
async function keptPorts(data, port) {
  const file = join(data, 'ports.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const ports = {
    port: port ?? kept.port ?? (await freePort()),
    controllerPort: kept.controllerPort ?? (await freePort()),
  };
  writeFileSync(file, JSON.stringify(ports));
  return ports;
}
