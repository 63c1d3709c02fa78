import { Injectable } from '@nestjs/common';
import { AuditTrail, BuiltInRoles, callerOfService, type Caller } from '@steward/access';
import {
  PolicyHeartbeat,
  RoleChanged,
  Services,
  SigningKeyPublished,
  type JsonEventDefinition,
  type PayloadOf,
} from '@steward/contracts';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, newId, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { AnnouncePolicy } from './announce-policy';
import { Environment } from './environment';
import { IdentityRepository } from './identity.repository';
import { PublishedPolicyRepository } from './published-policy.repository';
import { TokenIssuer } from './token.issuer';

type Unit = UnitOfWork<GovernanceTables>;
/** Services wait 60 s for a heartbeat; governance beats every 5 s, once for all its processes. */
export const BEAT_MS = 5_000;

/** What governance publishes by itself: built-in roles, its signing key, the services' identities, heartbeats. */
@Injectable()
export class PublishPolicy {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly announce: AnnouncePolicy,
    private readonly tokens: TokenIssuer,
    private readonly published: PublishedPolicyRepository,
    private readonly audit: AuditTrail,
    private readonly environment: Environment,
    private readonly clock: Clock,
  ) {}

  /** Publishes what differs from what was published last. Call at start, in a transaction that holds the start's lock. */
  async publishChanged(unit: Unit): Promise<void> {
    const caller = callerOfService('governance', newId(this.clock.now()), null);
    for (const service of Services) await this.service(unit, caller, service);
    for (const [role, rules] of Object.entries(BuiltInRoles)) {
      const version = await this.nextVersion(unit, 'role', role, rules);
      if (version === null) continue;
      const data = rules.map(({ action, subject }) => ({ action: [...action], subject: [...subject] }));
      this.say(unit, caller, RoleChanged, 'role', role, { role, roleVersion: version, rules: data });
    }
    const { keyId, jwk } = this.tokens.signingKey;
    if ((await this.nextVersion(unit, 'signing-key', keyId, jwk)) === null) return;
    const publicKey = JSON.stringify(jwk);
    this.say(unit, caller, SigningKeyPublished, 'signing-key', keyId, { keyId, publicKey, state: 'active' });
  }

  /** A sign of life, unless one was given less than 4 s ago, by whatever process. */
  async beat(): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(async (unit) => {
      const beat = await this.published.nextBeat(unit, now, now - BEAT_MS + 1_000);
      if (beat === null) return;
      const caller = callerOfService('governance', newId(now), null);
      this.announce.publish(unit, caller, PolicyHeartbeat, 'governance', {
        beat,
        environment: this.environment.name,
      });
    });
  }

  private async service(unit: Unit, caller: Caller, name: string): Promise<void> {
    const added = await this.identities.add(unit, {
      id: name,
      kind: 'service',
      name,
      displayName: name,
      passwordHash: null,
      mustChangePassword: false,
      createdBy: 'governance',
      createdAt: this.clock.iso(),
    });
    if (added) await this.announce.principal(unit, caller, name);
  }

  private nextVersion(unit: Unit, kind: string, name: string, content: unknown): Promise<number | null> {
    return this.published.nextVersion(unit, kind, name, sha256(JSON.stringify(content)));
  }

  private say<Definition extends JsonEventDefinition>(
    unit: Unit,
    caller: Caller,
    definition: Definition,
    kind: string,
    name: string,
    payload: PayloadOf<Definition>,
  ): void {
    this.announce.publish(unit, caller, definition, name, payload);
    this.audit.record(unit, caller, { action: `${kind}.publish`, object: { kind, id: name }, project: null });
  }
}
