import { Injectable } from '@nestjs/common';
import { PolicyCache, type PolicySnapshot } from '@steward/access';
import type { CallLimits } from '@steward/contracts';
import { LimitSettings } from './limit-settings';

/**
 * The limits of keys and projects over all models: those that governance set stand in place of the installation's own.
 * They come with the policy, which each process follows within a second and which a restart finds in the database.
 */
@Injectable()
export class InstallationLimits {
  private readFrom: PolicySnapshot | null = null;
  private governed = false;

  constructor(
    private readonly settings: LimitSettings,
    private readonly policy: Pick<PolicyCache, 'current'>,
  ) {}

  /** Another object whenever limits may have changed. */
  get version(): object {
    return this.policy.current;
  }

  /** Nobody is limited. */
  get empty(): boolean {
    const { current } = this.policy;
    if (current !== this.readFrom) {
      this.readFrom = current;
      this.governed = [...current.apiKeys.values(), ...current.projects.values()].some(
        ({ limits }) => limits,
      );
    }
    return !this.governed && this.settings.empty;
  }

  /** By the id of a key, or of the holder of a token. */
  ofCaller(kind: 'key' | 'holder', id: string): CallLimits | undefined {
    if (kind === 'holder') return this.settings.ofCaller(id);
    return this.policy.current.apiKeys.get(id)?.limits ?? this.settings.ofCaller(id, this.firstKey(id));
  }

  /** The key with whose use a key's own is counted: the first of those that took each other's place. */
  firstKey(id: string): string {
    return this.policy.current.apiKeys.get(id)?.firstKeyId ?? id;
  }

  ofProject(name: string): CallLimits | undefined {
    return this.policy.current.projects.get(name)?.limits ?? this.settings.ofProject(name);
  }
}
