import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { errors } from '@steward/kernel';

/** What a service says over its IPC channel. */
export type ServiceMessage =
  | { type: 'ready'; service: string; httpPort: number; grpcPort: number }
  | { type: 'first-administrator'; user: string; password: string };

export interface ProcessOptions {
  readonly name: string;
  /** JavaScript file that is run. */
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where its output goes, line by line. */
  readonly onOutput: (line: string) => void;
  readonly onMessage: (message: ServiceMessage) => void;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;
/** A process that lived this long starts again with the first delay. */
const HEALTHY_AFTER_MS = 30_000;
const STOP_GRACE_MS = 8_000;
/**
 * V8 has four helper threads a process by itself. On few cores they collect garbage where the thread that answers should
 * run: with one, inference answered a quarter more large requests (docs/benchmarks/serving.md).
 */
const V8_OPTIONS = '--v8-pool-size=1';

/** One service as an operating-system process: started again with back-off when it dies, until it is stopped. */
export class SupervisedProcess extends EventEmitter<{
  ready: [];
  exit: [number | null, NodeJS.Signals | null];
}> {
  httpPort = 0;
  grpcPort = 0;
  restarts = 0;
  private child: ChildProcess | null = null;
  private delay = FIRST_DELAY_MS;
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;
  private up = false;

  constructor(private readonly options: ProcessOptions) {
    super();
  }

  get name(): string {
    return this.options.name;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** True from the moment that it said it listens until it ends. */
  get ready(): boolean {
    return this.up;
  }

  start(): void {
    const startedAt = Date.now();
    const variable = this.name.toUpperCase();
    const child = fork(this.options.script, {
      env: {
        ...this.options.env,
        // The later word counts: whoever starts the platform may say otherwise.
        NODE_OPTIONS: [V8_OPTIONS, this.options.env['NODE_OPTIONS']].filter(Boolean).join(' '),
        // A restarted service keeps its ports, so that what people and clients noted down stays true.
        [`STEWARD_${variable}_HTTP_PORT`]: String(this.httpPort),
        [`STEWARD_${variable}_GRPC_PORT`]: String(this.grpcPort),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C goes to the whole process group of the terminal: services wait for the supervisor's order instead.
      detached: true,
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) this.forward(stream);
    child.on('message', (message: ServiceMessage) => this.received(message));
    child.on('error', (error) => this.options.onOutput(`${this.name}: ${error.message}`));
    child.on('exit', (code, signal) => {
      this.up = false;
      this.child = null;
      this.emit('exit', code, signal);
      if (this.stopping) return;
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) this.delay = FIRST_DELAY_MS;
      this.options.onOutput(
        `${this.name} ended with ${signal ?? code}; it is started again in ${this.delay} ms.`,
      );
      this.restarts += 1;
      this.timer = setTimeout(() => this.start(), this.delay);
      this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
    });
  }

  /** Resolves when the service listens; rejects after `timeoutMs`. */
  async waitReady(timeoutMs: number): Promise<void> {
    if (this.up) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.off('ready', done);
        reject(
          errors.unavailable(
            'START.SERVICE_NOT_READY',
            `${this.name} did not become ready within ${timeoutMs / 1000} s; its log says why.`,
          ),
        );
      }, timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.once('ready', done);
    });
  }

  /** SIGKILL, for fault tests; the supervisor starts it again. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  /** Asks it to stop, waits for 8 s, then kills. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  private received(message: ServiceMessage): void {
    if (message.type === 'ready') {
      this.httpPort = message.httpPort;
      this.grpcPort = message.grpcPort;
      this.up = true;
      this.emit('ready');
    }
    this.options.onMessage(message);
  }

  private forward(stream: NodeJS.ReadableStream | null): void {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') this.options.onOutput(line);
    });
  }
}
