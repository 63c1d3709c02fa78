import { Injectable } from '@nestjs/common';
import type { Caller } from '@steward/access';
import {
  ApiKeyChanged,
  PrincipalChanged,
  ProjectChanged,
  type JsonEventDefinition,
  type PayloadOf,
} from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import type { GovernanceTables } from '../governance-tables';
import { TemporaryRoleRepository } from '../temporary-roles/temporary-role.repository';
import { IdentityRepository, type ApiKey, type Project } from './identity.repository';
import { principalNotFound, type Identity } from './principal';

type Unit = UnitOfWork<GovernanceTables>;

/** Publishes what changed on the policy topic, whole, in the transaction of the change. */
@Injectable()
export class AnnouncePolicy {
  constructor(
    private readonly outbox: Outbox,
    private readonly identities: IdentityRepository,
    private readonly temporary: TemporaryRoleRepository,
    private readonly clock: Clock,
  ) {}

  /** Publishes a principal as it is now in this transaction, and returns it. */
  async principal(unit: Unit, caller: Caller, id: string): Promise<Identity> {
    const identity = await this.identities.find(id, unit);
    if (!identity) throw principalNotFound(id);
    const { kind, state, tokensNotBefore } = identity;
    const lasting = identity.roles.map(({ role, project }) => ({ role, project }));
    const roles = [...lasting, ...(await this.temporary.of(id, this.clock.iso(), unit))];
    this.publish(unit, caller, PrincipalChanged, id, {
      principalId: id,
      kind,
      state,
      roles,
      tokensNotBefore,
    });
    return identity;
  }

  apiKey(unit: Unit, caller: Caller, key: ApiKey): void {
    const { id, secretDigest, principalId, state, expiresAt, project, limits, firstKeyId } = key;
    const scopes = key.scopes?.map(({ action, subject }) => ({ action: [...action], subject: [...subject] }));
    this.publish(unit, caller, ApiKeyChanged, id, {
      keyId: id,
      secretDigest,
      principalId,
      state,
      expiresAt,
      project,
      scopes: scopes ?? null,
      limits,
      firstKeyId,
    });
  }

  project(unit: Unit, caller: Caller, { project, state, tags, objects, limits }: Project): void {
    this.publish(unit, caller, ProjectChanged, project, {
      projectId: project,
      state,
      tags: [...tags],
      limits,
      objects: objects.map((each) => ({ ...each, tags: [...each.tags] })),
    });
  }

  publish<Definition extends JsonEventDefinition>(
    unit: Unit,
    caller: Caller,
    definition: Definition,
    subject: string,
    payload: PayloadOf<Definition>,
  ): void {
    this.outbox.publish(unit, definition, {
      subject,
      project: null,
      correlation: caller.correlation,
      actor: caller.principal.id,
      payload,
    });
  }
}
