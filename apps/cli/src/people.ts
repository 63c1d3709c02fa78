import type { StewardClient } from '@steward/client';
import type { UserAnswer } from '@steward/client/answers';

/** Who is behind a principal id, as far as the caller may know it; else the id itself. */
export class People {
  private readonly names = new Map<string, Promise<string | null>>();

  constructor(private readonly client: StewardClient) {}

  async name(id: string): Promise<string> {
    let found = this.names.get(id);
    if (!found) this.names.set(id, (found = this.look(id)));
    return (await found) ?? id;
  }

  /** Names by id, all at once. */
  async map(ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const entries = [...new Set(ids)].map(async (id) => [id, await this.name(id)] as const);
    return new Map(await Promise.all(entries));
  }

  private async look(id: string): Promise<string | null> {
    try {
      const { user } = await this.client.get<UserAnswer>(`/governance/v1/users/${encodeURIComponent(id)}`);
      return user;
    } catch {
      // Names are kept from most roles, and services have none; ids are no secret.
      return null;
    }
  }
}
