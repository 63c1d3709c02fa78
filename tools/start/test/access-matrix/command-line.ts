import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ADMITTED } from './expected';
import { refusalIn } from './http-call';

const CLI = join(__dirname, '..', '..', '..', '..', 'apps', 'cli', 'dist', 'run-cli.js');
/** The command line as it is built, and the little of Commander's shape that is looked at here. */
interface Cli {
  runCli(args: readonly string[], environment: NodeJS.ProcessEnv, terminal: object): Promise<number>;
  verbTree(): VerbNode;
}
interface VerbNode {
  name(): string;
  readonly commands: readonly VerbNode[];
  readonly registeredArguments: readonly {
    name(): string;
    readonly required: boolean;
    readonly argChoices?: readonly string[];
  }[];
  readonly options: readonly {
    readonly long?: string;
    readonly mandatory: boolean;
    attributeName(): string;
    readonly argChoices?: readonly string[];
  }[];
}
const cli = createRequire(__filename)(CLI) as Cli;

const folder = mkdtempSync(join(tmpdir(), 'steward-matrix-cli-'));
const file = join(folder, 'input');
mkdirSync(join(folder, 'folder'));
writeFileSync(file, '{}\n');
const rows = join(folder, 'rows.csv');
writeFileSync(rows, 'prediction,label\n00000000-0000-7000-8000-000000000000/0,yes\n');
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Verbs that ask no service for anything that belongs to somebody. */
const APART: ReadonlySet<string> = new Set([
  'login', // proves who one is: public
  'audit witness', // serves, and asks nobody
  'audit verify', // of a file: offline; the export that it fetches else is `audit export`
  'report verify', // offline
  'account password', // one's own, proved by the old one
  'account totp', // one's own
  'models import', // reads an ONNX file before it asks; its route is called by the matrix
]);
/** Options without which a verb only says how it is used. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'users change': ['--disable'],
  'projects change': ['--untag'],
  'limits set': ['--rows-per-day', '1'],
  predict: ['--row', 'a=1'],
  report: ['--model', 'nothing', '--output', join(folder, 'report.html')],
};

/** A verb with arguments that name nothing there is. */
export interface CommandLine {
  readonly verb: string;
  readonly args: readonly string[];
}

/** Every verb there is, by looking at the tree: a new one is in it by itself. */
export function commandLines(): CommandLine[] {
  return leavesOf(cli.verbTree(), []).filter(({ verb }) => !APART.has(verb));
}

function leavesOf(node: VerbNode, path: readonly string[]): CommandLine[] {
  const below = node.commands.flatMap((each) => leavesOf(each, [...path, each.name()]));
  const runnable =
    path.length > 0 &&
    (node.commands.length === 0 || node.registeredArguments.length > 0 || node.options.length > 0);
  if (!runnable) return below;
  const verb = path.join(' ');
  const positional = node.registeredArguments
    .filter(({ required }) => required)
    .map((each) => each.argChoices?.[0] ?? valueFor(each.name(), verb));
  const options = node.options
    .filter(({ mandatory, long }) => mandatory && long !== undefined)
    .flatMap((option) => [option.long!, option.argChoices?.[0] ?? valueFor(option.attributeName(), verb)]);
  return [{ verb, args: [...path, ...positional, ...options, ...(NEEDED[verb] ?? [])] }, ...below];
}

function valueFor(name: string, verb: string): string {
  if (/file|input/i.test(name)) return verb === 'outcomes' ? rows : file;
  if (/folder|directory|^out/i.test(name)) return join(folder, 'folder', 'out');
  if (/version|count|limit|minutes|hours|days|months/i.test(name)) return '1';
  if (/from|until|expires|since/i.test(name)) return '2026-01-01T00:00:00Z';
  if (verb.startsWith('subjects') && /pseudonym|subject/.test(name)) return `sub_${'0'.repeat(32)}`;
  if (name === 'action') return 'read';
  if (name === 'subject') return 'Run';
  return 'nothing';
}

export interface RecordedCall {
  readonly method: string;
  readonly service: string;
  /** As the service sees it, without its query. */
  readonly path: string;
  readonly outcome: string;
}

/** An entry port that passes everything on to the real one and keeps what was asked and answered. */
export class Recorder {
  private calls: RecordedCall[] = [];

  private constructor(
    private readonly server: Server,
    private readonly entryUrl: string,
  ) {}

  static async start(entryUrl: string): Promise<Recorder> {
    const server = createServer();
    const recorder = new Recorder(server, entryUrl);
    server.on('request', (asked, answer) => recorder.pass(asked, answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return recorder;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Runs `steward` in this process, one run at a time. */
  async run(args: readonly string[], credential: string, project: string) {
    const calls: RecordedCall[] = [];
    this.calls = calls;
    const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
    input.end('a long enough password\n');
    output.resume();
    let said = '';
    errors.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const { port } = this.server.address() as AddressInfo;
    const environment = {
      STEWARD_URL: `http://127.0.0.1:${port}`,
      STEWARD_TOKEN: credential.replace(/^Bearer /, ''),
      STEWARD_CONFIG_DIR: folder,
      STEWARD_PROJECT: project,
    };
    const exitCode = await cli.runCli(args, environment, { input, output, errors });
    return { exitCode, calls, said };
  }

  private pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { service, path } = ownerOf(asked.url ?? '/');
    const onward = request(`${this.entryUrl}${asked.url}`, {
      method: asked.method,
      headers: { ...asked.headers, host: 'localhost' },
    });
    onward.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        this.calls.push({ method: asked.method ?? '', service, path, outcome: outcomeOf(response, body) });
        answer.writeHead(response.statusCode ?? 500, response.headers);
        answer.end(body);
      });
    });
    onward.on('error', (error) => answer.writeHead(502).end(String(error)));
    asked.pipe(onward);
  }
}

function outcomeOf(response: IncomingMessage, body: Buffer): string {
  if ((response.statusCode ?? 0) < 400) return ADMITTED;
  return refusalIn(body.toString()) ?? ADMITTED;
}

/** Whose path it is: the entry port gives `/v2` to inference as it is, and takes the others' prefix away. */
function ownerOf(url: string): { service: string; path: string } {
  const path = url.split('?')[0]!;
  if (path.startsWith('/v2')) return { service: 'inference', path };
  const [, service = '', ...rest] = path.split('/');
  return { service, path: `/${rest.join('/')}` };
}
