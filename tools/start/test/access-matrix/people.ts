import { BuiltInRoles, type BuiltInRole } from '@steward/access';
import type { Who } from './expected';

export const ADMINISTRATOR_PASSWORD = 'matrix-administrator-password';

/** A caller with the credential of a real login. */
export interface Person {
  readonly name: string;
  readonly who: Who;
  credential: string | undefined;
}

const passwordOf = (name: string): string => `${name}-matrix-password`;

/** Makes two projects and, for each built-in role, a person who holds it in one of them and one who holds it everywhere. */
export class People {
  constructor(
    private readonly url: string,
    readonly own: string,
    readonly foreign: string,
  ) {}

  async make(): Promise<Person[]> {
    const administrator = await this.logIn('administrator', ADMINISTRATOR_PASSWORD);
    for (const project of [this.own, this.foreign])
      await this.post('/governance/v1/projects', { project }, administrator);
    const roles = Object.keys(BuiltInRoles) as BuiltInRole[];
    const people: Person[] = [
      { name: 'anonymous', who: { kind: 'anonymous' }, credential: undefined },
      await this.person('no-role', { kind: 'no-role' }, [], administrator),
    ];
    for (const role of roles) {
      const own = [{ role, project: this.own }];
      const everywhere = [{ role, project: null }];
      people.push(
        await this.person(`${role}-own`, { kind: 'holder', role, in: 'own' }, own, administrator),
        await this.person(`${role}-all`, { kind: 'holder', role, in: 'all' }, everywhere, administrator),
      );
    }
    return people;
  }

  /** A new token, for a person whose session a call has ended. */
  async renew(person: Person): Promise<void> {
    person.credential = await this.logIn(person.name, passwordOf(person.name));
  }

  private async person(name: string, who: Who, roles: object[], administrator: string): Promise<Person> {
    const password = passwordOf(name);
    await this.post('/governance/v1/users', { user: name, password, roles }, administrator);
    return { name, who, credential: await this.logIn(name, password) };
  }

  private async logIn(user: string, password: string): Promise<string> {
    const answer = (await this.post('/governance/v1/login', { user, password })) as { token: string };
    return `Bearer ${answer.token}`;
  }

  private async post(path: string, body: object, credential?: string): Promise<unknown> {
    const answer = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(credential ? { authorization: credential } : {}) },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}
