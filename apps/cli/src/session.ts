import { StewardClient } from '@steward/client';
import { errors, isName } from '@steward/kernel';
import { ExitCodes, usage } from './cli-error';
import { profileFile, readProfile, type Profile } from './profile';
import { Progress } from './progress';
import type { Terminal } from './terminal';

export const DEFAULT_URL = 'http://127.0.0.1:8080';

/** Options that every verb has. */
export interface CommonOptions {
  readonly project?: string;
  readonly json?: boolean;
}

/** What one command works with: who calls, where, in which project, and where its answer goes. */
export class Session {
  /** What the command ends with where nothing is thrown. */
  exitCode: number = ExitCodes.done;
  private known: Profile | null | undefined;

  constructor(
    readonly environment: NodeJS.ProcessEnv,
    readonly terminal: Terminal,
    private readonly options: CommonOptions,
    private readonly now: () => number = Date.now,
  ) {}

  get json(): boolean {
    return this.options.json === true;
  }

  get profileFile(): string {
    return profileFile(this.environment);
  }

  /** Null if nobody has logged in. */
  get profile(): Profile | null {
    if (this.known === undefined) this.known = readProfile(this.profileFile);
    return this.known;
  }

  /** STEWARD_URL, else where the profile's login was, else the local platform. */
  get url(): string {
    const given = this.environment['STEWARD_URL'];
    // With a token from the environment the profile has no say.
    const url =
      given ??
      (this.environment['STEWARD_TOKEN'] === undefined ? this.profile?.url : undefined) ??
      DEFAULT_URL;
    if (!/^https?:$/.test(protocolOf(url)))
      throw usage(`STEWARD_URL is no web address: ${url}. It looks like ${DEFAULT_URL}.`);
    return url;
  }

  /** Without a credential: what is open to everybody. */
  get anonymous(): StewardClient {
    return new StewardClient({ url: this.url });
  }

  /** The caller's, or null. A profile's token goes only to where it came from. */
  get credential(): string | null {
    const token = this.environment['STEWARD_TOKEN'];
    if (token) return token;
    const { profile } = this;
    if (!profile || originOf(profile.url) !== originOf(this.url)) return null;
    return profile.token;
  }

  get client(): StewardClient {
    const { credential, profile } = this;
    if (credential === null)
      throw errors.unauthenticated(
        'CLI.NOT_LOGGED_IN',
        `Nobody is logged in at ${this.url}. Log in: steward login USER, or give a token or API key in STEWARD_TOKEN.`,
      );
    const expires = credential === profile?.token ? profile.expiresAt : null;
    if (expires !== null && Date.parse(expires) <= this.now())
      throw errors.unauthenticated(
        'CLI.LOGIN_EXPIRED',
        `The login of ${profile?.user} ended at ${expires}. Log in again: steward login ${profile?.user}`,
      );
    return new StewardClient({ url: this.url, credential });
  }

  /** --project, STEWARD_PROJECT, else the profile's; null if there is none. */
  get chosenProject(): string | null {
    const name = this.options.project ?? this.environment['STEWARD_PROJECT'] ?? this.profile?.project ?? null;
    const valid: boolean = name === null || isName(name);
    if (!valid)
      throw usage(
        `"${name}" is no project's name: lower-case letters, digits and hyphens, a letter first, 63 at most.`,
      );
    return name;
  }

  get project(): string {
    const { chosenProject } = this;
    if (chosenProject === null)
      throw usage('Say which project: --project NAME, or choose one at login: steward login --project NAME');
    return chosenProject;
  }

  /** `/<service>/v1/projects/<project>/<rest>`, each part encoded. */
  path(service: string, ...rest: readonly (string | number)[]): string {
    const parts = rest.map((part) => encodeURIComponent(String(part)));
    return [`/${service}/v1/projects/${this.project}`, ...parts].join('/');
  }

  /** The answer: JSON for machines, alone on the output, or what people read. */
  show(answer: unknown, human: () => string): void {
    const text = this.json ? JSON.stringify(answer, null, 2) : human();
    this.terminal.output.write(`${text}\n`);
  }

  /** Something that people should know and that is no answer. */
  note(text: string): void {
    this.terminal.errors.write(`${text}\n`);
  }

  /** The command answered, and the answer is no. */
  fail(): void {
    this.exitCode = ExitCodes.failed;
  }

  progress(label: string): Progress {
    return new Progress(this.terminal.errors, label);
  }
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : '';
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}
