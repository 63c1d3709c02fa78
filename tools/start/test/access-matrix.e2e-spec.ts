import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MethodDefinition } from '@grpc/proto-loader';
import { Services, type ServiceName } from '@steward/contracts';
import { EmbeddedPostgres } from '@steward/database';
import { Platform, startConfig } from '../src';
import { ADMITTED, expected, type ListedEntry, type Where, type Who } from './access-matrix/expected';
import { allRpcs, GrpcCaller, messageWith } from './access-matrix/grpc-call';
import { commandLines, Recorder, type RecordedCall } from './access-matrix/command-line';
import { httpOutcome } from './access-matrix/http-call';
import { ADMINISTRATOR_PASSWORD, People, type Person } from './access-matrix/people';

const ROOT = join(__dirname, '..', '..', '..');
const PROJECTS: Readonly<Record<Where, string>> = {
  own: 'matrix-own',
  foreign: 'matrix-foreign',
  unknown: 'matrix-nowhere',
};
/** In the place of every parameter but the project: an id that nothing has. */
const NOTHING = '00000000-0000-7000-8000-000000000000';
const AT_ONCE = 16;

interface ServiceEntry extends ListedEntry {
  readonly service: ServiceName;
}
/** One cell of the matrix: somebody calls something somewhere. */
interface Cell {
  readonly entry: ServiceEntry;
  readonly person: Person;
  readonly where: Where;
}

/**
 * Every route and RPC, by every built-in role, in the own and in a foreign project, with real credentials over the real
 * transports, compared with what the rules say as data. A new route is in it without a line written here: the services
 * list their entries themselves, and the sources are counted against that list.
 */
describe('the access matrix', () => {
  let dataDir: string;
  let platform: Platform;
  let house: People;
  let people: Person[];
  let entries: ServiceEntry[];
  let documents: Map<ServiceName, OpenApi>;
  let rpcs: ReadonlyMap<string, MethodDefinition<object, object>>;
  const callers = new Map<ServiceName, GrpcCaller>();

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'steward-matrix-'));
    platform = await Platform.start(
      startConfig({
        ...process.env,
        STEWARD_DATA_DIR: dataDir,
        STEWARD_PORT: '0',
        STEWARD_ADMIN_PASSWORD: ADMINISTRATOR_PASSWORD,
      }),
      { onNote: () => undefined, onFirstAdministrator: () => undefined },
    );
    house = new People(platform.entryUrl, PROJECTS.own, PROJECTS.foreign);
    people = await house.make();
    documents = new Map();
    for (const service of Services) documents.set(service, await openApiOf(platform.entryUrl, service));
    entries = [...documents].flatMap(([service, document]) =>
      document['x-steward-entries'].map((entry) => ({ ...entry, service })),
    );
    rpcs = allRpcs();
    for (const service of Services) callers.set(service, new GrpcCaller(platform.grpcAddress(service)));
    await everybodyIsKnown();
  }, 300_000);

  afterAll(async () => {
    for (const caller of callers.values()) caller.close();
    await platform?.stop();
    await EmbeddedPostgres.remove(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Policy reaches a service within a second; nobody is judged before it has arrived everywhere. */
  const everybodyIsKnown = async (): Promise<void> => {
    const deadline = Date.now() + 60_000;
    for (const service of Services)
      for (const { credential, who } of people.filter(({ credential: each }) => each !== undefined)) {
        const where = who.kind === 'holder' ? 'own' : 'unknown';
        const entry = { service, transport: 'http', decision: DEAD_LETTERS, ...LIST_DEAD_LETTERS } as const;
        const settled = expected(DEAD_LETTERS, who, where);
        for (;;) {
          const url = `${platform.entryUrl}/${service}${pathOf(entry, where)}`;
          if ((await httpOutcome(url, 'GET', credential)) === settled) break;
          if (Date.now() > deadline) throw new Error(`${service} did not learn who is who.`);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
  };

  const outcomeOf = ({ entry, person, where }: Cell): Promise<string> => {
    if (entry.transport === 'http') {
      const [method] = entry.entry.split(' ') as [string];
      const url = `http://127.0.0.1:${platform.service(entry.service).httpPort}${pathOf(entry, where)}`;
      return httpOutcome(url, method, person.credential);
    }
    const { decision } = entry;
    const field = decision.kind === 'can' ? decision.project : null;
    const message = messageWith(field, PROJECTS[where]);
    return callers.get(entry.service)!.outcome(rpcs.get(entry.entry)!, message, person.credential);
  };

  it('covers every route and RPC that the sources have', () => {
    // Faults of other rules are told by `npm run check`.
    const { stdout: output } = spawnSync(
      process.execPath,
      [join(ROOT, 'tools/checks/run.mjs'), '--entries'],
      { encoding: 'utf8' },
    );
    const written = output.split('\n').filter((line) => /^(apps|libs)\/\S+ \w+ (@|rpc)/.test(line));
    expect(written.length).toBeGreaterThan(100);
    const missing = written.filter((line) => {
      const [path, name] = line.split(' ') as [string, string];
      const app = /^apps\/([a-z]+)\//.exec(path)?.[1];
      return !entries.some(
        ({ service, handler }) => handler.endsWith(`.${name}`) && (app === undefined || app === service),
      );
    });
    expect(missing).toEqual([]);
    for (const [service, document] of documents) {
      const listed = new Set(
        entries
          .filter((each) => each.service === service && each.transport === 'http')
          .map(({ entry }) => entry.replace(/\*(\w+)/g, ':$1')),
      );
      const served = Object.entries(document.paths).flatMap(([path, operations]) =>
        Object.keys(operations).map(
          (method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
        ),
      );
      expect({ service, unlisted: served.filter((each) => !listed.has(each)) }).toEqual({
        service,
        unlisted: [],
      });
    }
    expect(entries.filter(({ transport, entry }) => transport === 'grpc' && !rpcs.has(entry))).toEqual([]);
  });

  it('agrees with the rules, cell by cell', async () => {
    const cells = entries.flatMap((entry) => cellsOf(entry, people));
    const differences: string[] = [];
    let called = 0;
    const work = [...cells];
    const worker = async (): Promise<void> => {
      for (let cell = work.pop(); cell; cell = work.pop()) {
        const wanted = expected(cell.entry.decision, cell.person.who, cell.where);
        const actual = await outcomeOf(cell);
        called += 1;
        if (actual !== wanted && !refinedByHandler(cell, wanted, actual))
          differences.push(`${nameOf(cell)}: expected ${wanted}, but it was ${actual}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    process.stdout.write(
      `Access matrix: ${entries.length} entries, ${people.length} callers, ${called} calls, ${differences.length} differences.\n`,
    );
    expect(differences.sort()).toEqual([]);
    expect(called).toBeGreaterThan(2_000);
  }, 300_000);

  it('holds for every verb of the command line, whoever uses it', async () => {
    const differences: string[] = [];
    let runs = 0;
    const work = commandLines().flatMap((line) =>
      people
        .filter(({ who }) => who.kind === 'holder' && who.in === 'own')
        .flatMap((person) => (['own', 'foreign'] as const).map((where) => ({ line, person, where }))),
    );
    const worker = async (): Promise<void> => {
      const recorder = await Recorder.start(platform.entryUrl);
      for (let next = work.pop(); next; next = work.pop()) {
        const { line, person, where } = next;
        const name = `steward ${line.verb} by ${person.name} in ${where}`;
        const { exitCode, calls, said } = await recorder.run(line.args, person.credential!, PROJECTS[where]);
        runs += 1;
        if (exitCode === 2) differences.push(`${name}: wrong usage, so nothing is tested: ${said}`);
        if (calls.length === 0) differences.push(`${name}: it asked no service.`);
        for (const call of calls) {
          const entry = entries.find((each) => answers(each, call));
          if (!entry) {
            differences.push(`${name}: no entry is known for ${call.method} ${call.path}`);
            continue;
          }
          const cell: Cell = { entry, person, where: whereOf(call.path) };
          const wanted = expected(entry.decision, person.who, cell.where);
          if (call.outcome !== wanted && !refinedByHandler(cell, wanted, call.outcome))
            differences.push(
              `${name}: ${call.method} ${call.path}: expected ${wanted}, but it was ${call.outcome}`,
            );
        }
        if (exitCode === 0 && calls.length > 0 && calls.every(({ outcome }) => outcome !== ADMITTED))
          differences.push(`${name}: everything was refused, and it ended as if it were done.`);
      }
      await recorder.stop();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    process.stdout.write(
      `Command line: ${commandLines().length} verbs, ${runs} runs, ${differences.length} differences.\n`,
    );
    expect([...new Set(differences)].sort()).toEqual([]);
  }, 300_000);

  it('lets everybody who is signed in call what is open to him, and only him', async () => {
    const differences: string[] = [];
    for (const entry of entries.filter(({ decision }) => decision.kind === 'signed-in'))
      for (const person of people.filter(({ who }) => who.kind !== 'holder' || who.in === 'own')) {
        const cell: Cell = { entry, person, where: 'own' };
        const actual = await outcomeOf(cell);
        const wanted = expected(entry.decision, person.who, 'own');
        if (actual !== wanted && !refinedByHandler(cell, wanted, actual))
          differences.push(`${nameOf(cell)}: expected ${wanted}, but it was ${actual}`);
        // Some of these calls end the session that makes them.
        if (person.credential !== undefined && !isRead(entry)) await house.renew(person);
      }
    expect(differences).toEqual([]);
  }, 300_000);
});

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly 'x-steward-entries': readonly ListedEntry[];
}

async function openApiOf(entryUrl: string, service: ServiceName): Promise<OpenApi> {
  const answer = await fetch(`${entryUrl}/${service}/openapi.json`);
  return (await answer.json()) as OpenApi;
}

const DEAD_LETTERS = {
  kind: 'can',
  action: 'read',
  subject: 'DeadLetter',
  project: null,
  anyProject: true,
  refined: false,
} as const;
const LIST_DEAD_LETTERS = { entry: 'GET /v1/dead-letters', handler: '' } as const;

const isRead = ({ entry }: ListedEntry): boolean => /^(GET|HEAD) /.test(entry);

/** Everybody at every place that makes a difference to this entry. What ends sessions is called apart. */
function cellsOf(entry: ServiceEntry, people: readonly Person[]): Cell[] {
  const { decision } = entry;
  if (decision.kind === 'signed-in') return [];
  if (decision.kind === 'public')
    return people
      .filter(({ who }) => who.kind === 'anonymous')
      .map((person) => ({ entry, person, where: 'own' }));
  return people.flatMap((person) =>
    placesOf(decision.project, person.who).map((where): Cell => ({ entry, person, where })),
  );
}

/** Where a call makes a difference. A project that there is not must look like a foreign one to whoever may see all. */
function placesOf(project: string | null, who: Who): readonly Where[] {
  if (project === null) return ['own'];
  if (who.kind !== 'holder') return ['own', 'unknown'];
  if (who.in === 'own') return ['own', 'foreign'];
  return who.role === 'administrator' ? ['own', 'unknown'] : ['own'];
}

/**
 * An entry that spans projects, or is open to everybody who is signed in, admits at the door; its handler then asks for
 * the object's project or for a further right. Only there may an admitted caller still be refused.
 */
function refinedByHandler({ entry: { decision } }: Cell, wanted: string, actual: string): boolean {
  const asksAgain =
    decision.kind === 'signed-in' || (decision.kind === 'can' && (decision.anyProject || decision.refined));
  return asksAgain && wanted === ADMITTED && ['ACCESS.NOT_FOUND', 'ACCESS.FORBIDDEN'].includes(actual);
}

function pathOf({ entry }: ListedEntry, where: Where): string {
  const [, path] = entry.split(' ') as [string, string];
  return path
    .split('/')
    .map((part) =>
      part === ':project' ? PROJECTS[where] : /^:|^\*/.test(part) ? NOTHING : part.replace(/:\w+/, NOTHING),
    )
    .join('/');
}

function nameOf({ entry, person, where }: Cell): string {
  return `${entry.service} ${entry.entry} by ${person.name} in ${where}`;
}

/** True if this route answers the call. */
function answers({ service, transport, entry }: ServiceEntry, call: RecordedCall): boolean {
  if (transport !== 'http' || service !== call.service) return false;
  const [method, path] = entry.split(' ') as [string, string];
  if (method !== call.method) return false;
  const pattern = path
    .split('/')
    .map((part) => (part.startsWith('*') ? '.+' : part.replace(/[.$]/g, '\\$&').replace(/:\w+/g, '[^/]+')))
    .join('/');
  return new RegExp(`^${pattern}$`).test(call.path);
}

function whereOf(path: string): Where {
  const project = /^\/v1\/projects\/([^/]+)/.exec(path)?.[1];
  return (Object.keys(PROJECTS) as Where[]).find((where) => PROJECTS[where] === project) ?? 'unknown';
}
