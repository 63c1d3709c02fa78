import type { KeyScope, TaggedObject } from '@steward/access';
import type { CallLimits } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { LoginFailures } from './login-lock';
import type { Identity, RoleBinding } from './principal';

type Unit = UnitOfWork<GovernanceTables>;

export interface NewIdentity extends Omit<Identity, 'roles' | 'tokensNotBefore' | 'state'> {
  readonly passwordHash: string | null;
}

export interface ApiKey {
  readonly id: string;
  readonly secretDigest: string;
  readonly principalId: string;
  readonly project: string | null;
  readonly state: 'active' | 'revoked';
  readonly expiresAt: string | null;
  /** What of its holder's rights the key carries; null: all of them. */
  readonly scopes: readonly KeyScope[] | null;
  /** How much it may ask inference for, over all models; null: nothing is said. */
  readonly limits: CallLimits | null;
  /** As far as the services have told; they do so once a minute. */
  readonly lastUsedAt: string | null;
  readonly replacedBy: string | null;
  /** The first of the keys that took each other's place, with whose use its own is counted; null: itself. */
  readonly firstKeyId: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
}

export interface Project {
  readonly project: string;
  readonly state: 'active' | 'archived';
  /** Labels by which rules of roles tell projects apart. */
  readonly tags: readonly string[];
  /** Datasets, pipelines and models in it that carry tags of their own. */
  readonly objects: readonly TaggedObject[];
  /** How much all callers of its models together may ask inference for; null: nothing is said. */
  readonly limits: CallLimits | null;
  readonly createdBy: string;
  readonly createdAt: string;
}

export interface Page {
  readonly limit: number;
  readonly after: string | null;
}

/** A person as those who work in the same project may know them. */
export type Colleague = Pick<Identity, 'id' | 'name' | 'displayName'>;

/** People, machines, services and their grants. Abstract class = injection token. */
export abstract class IdentityRepository {
  abstract find(id: string, unit?: Unit): Promise<Identity | null>;
  /** The same, with the row locked, so that changes of one principal follow one another. */
  abstract lock(unit: Unit, id: string): Promise<Identity | null>;
  abstract findLogin(name: string): Promise<{ readonly id: string; readonly passwordHash: string } | null>;
  /** By the name under which somebody logs in, without regard to case. */
  abstract findByName(name: string): Promise<Identity | null>;
  /** All people and machines, by name, with the roles that they hold. */
  abstract holders(): Promise<Pick<Identity, 'id' | 'name' | 'roles'>[]>;
  /** @param project only who holds a role in that project (not in all); null: everybody */
  abstract list(kind: Identity['kind'], page: Page, project: string | null): Promise<Identity[]>;
  /**
   * Active people with a role in the project or in all, by name; `search`: those in whose name it stands, without regard to
   * case. `after` is the name of the last one seen.
   */
  abstract people(project: string, page: Page, search: string): Promise<Colleague[]>;
  /** False if the name is taken. */
  abstract add(unit: Unit, identity: NewIdentity): Promise<boolean>;
  abstract grant(
    unit: Unit,
    id: string,
    bindings: readonly RoleBinding[],
    by: string,
    at: string,
  ): Promise<void>;
  abstract revoke(
    unit: Unit,
    id: string,
    bindings: readonly RoleBinding[],
    by: string,
    at: string,
  ): Promise<void>;
  abstract setState(
    unit: Unit,
    id: string,
    state: Identity['state'],
    tokensNotBefore: string | null,
  ): Promise<void>;
  /** A password of the person's own choice: none is asked for at the next login. */
  abstract setPassword(unit: Unit, id: string, passwordHash: string, tokensNotBefore: string): Promise<void>;
  /** At the next login the person must choose a password. */
  abstract requirePasswordChange(unit: Unit, id: string): Promise<void>;
  /** How many active people hold the role everywhere. */
  abstract countHolders(unit: Unit, role: string): Promise<number>;
}

/** Failed logins by digest of the name. */
export abstract class LoginFailureRepository {
  abstract find(nameDigest: string): Promise<LoginFailures | null>;
  abstract put(nameDigest: string, failures: LoginFailures): Promise<void>;
  abstract clear(nameDigest: string): Promise<void>;
}

export abstract class ApiKeyRepository {
  abstract add(unit: Unit, key: ApiKey): Promise<void>;
  abstract find(id: string): Promise<ApiKey | null>;
  abstract list(page: Page, principalId: string | null): Promise<ApiKey[]>;
  abstract lock(unit: Unit, id: string): Promise<ApiKey | null>;
  /** Says that another key stands in this one's place, and when this one ends. */
  abstract replace(unit: Unit, id: string, by: string, expiresAt: string): Promise<void>;
  /** Notes last uses; a later one that is known already stays. */
  abstract markUsed(
    unit: Unit,
    uses: readonly { readonly keyId: string; readonly at: string }[],
  ): Promise<void>;
  /** The key as it is after; null if there is none that is active. */
  abstract revoke(unit: Unit, id: string): Promise<ApiKey | null>;
  /** The key as it is after; null if there is none that is active. */
  abstract limit(unit: Unit, id: string, limits: CallLimits | null): Promise<ApiKey | null>;
}

export abstract class ProjectRepository {
  /** False if the name is taken. */
  abstract add(unit: Unit, project: Project): Promise<boolean>;
  abstract find(name: string): Promise<Project | null>;
  /** The project as it is after; null if there is none. */
  abstract change(
    unit: Unit,
    name: string,
    change: Partial<Pick<Project, 'state' | 'tags' | 'objects' | 'limits'>>,
  ): Promise<Project | null>;
  /** The project, held until the transaction ends. */
  abstract lock(unit: Unit, name: string): Promise<Project | null>;
  abstract list(page: Page): Promise<Project[]>;
}
