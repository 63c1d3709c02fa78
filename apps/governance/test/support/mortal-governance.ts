import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '@steward/testing';
import { startDying } from './dying-process';
import type { GovernanceHouse } from './governance-house';

/** Who is logged in. */
export type Person = { readonly id: string; readonly token: string };

/** Governance in processes one after the other, each killed at a random point until there were enough. */
export class MortalGovernance {
  readonly points: number[] = [];
  readonly signals: (NodeJS.Signals | null)[] = [];
  private child: ChildProcess | undefined;
  private url = '';

  /** @param most kills, and the number of points of which one is drawn each time */
  constructor(
    private readonly house: GovernanceHouse,
    private readonly most: { readonly kills: number; readonly points: number },
  ) {}

  get alive(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async live(): Promise<void> {
    while (!this.alive) {
      const dieAt =
        this.points.length < this.most.kills ? 1 + Math.floor(Math.random() * this.most.points) : Infinity;
      if (dieAt !== Infinity) this.points.push(dieAt);
      const child = startDying(this.house, dieAt);
      this.child = child;
      child.once('exit', (_code, signal) => this.signals.push(signal));
      const ready = once(child, 'message').then(([message]) => message as { httpPort: number });
      const port = await Promise.race([ready, once(child, 'exit').then(() => null)]);
      if (port) this.url = `http://127.0.0.1:${port.httpPort}`;
    }
  }

  /** Whoever does not get an answer does not know whether it happened. */
  async post(path: string, { token }: Person, body: object = {}): Promise<number | 'none'> {
    await this.live();
    const { child } = this;
    try {
      const headers = { authorization: token, 'content-type': 'application/json' };
      const answer = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.status;
    } catch {
      if (this.alive) await once(child!, 'exit');
      return 'none';
    }
  }

  /** A person tries until it stands, and looks before trying again. */
  async does(path: string, person: Person, body: object, stands: () => Promise<boolean>): Promise<void> {
    while (!(await stands())) {
      const status = await this.post(path, person, body);
      // A governance that has just started does not know everybody yet.
      expect([200, 202, 'none', 401, 403, 503]).toContain(status);
    }
  }

  /** Holds whatever governance does meanwhile, also if it has to be started again first. */
  comes(check: () => Promise<void>): Promise<void> {
    return eventually(async () => {
      await this.live();
      await check();
    });
  }

  async end(): Promise<void> {
    if (!this.alive) return;
    const ended = once(this.child!, 'exit');
    this.child!.kill('SIGKILL');
    await ended;
  }
}
