import { Injectable } from '@nestjs/common';
import {
  ApiKeyChanged,
  DecisionPolicyChanged,
  PolicyHeartbeat,
  PrincipalChanged,
  ProcessingChanged,
  ProjectChanged,
  RoleChanged,
  SessionRevoked,
  SigningKeyPublished,
} from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { Clock } from '@steward/kernel';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { PolicyCache } from './policy-cache';
import { PolicyStore, type PolicyChange } from './policy.store';
import { compileConditions } from './rule-conditions';

/** Writes a change of the policy into this service's copy and has this process see it right after the commit. */
@Injectable()
export class PolicyUpdate {
  constructor(
    private readonly store: PolicyStore,
    private readonly cache: PolicyCache,
  ) {}

  async apply(unit: UnitOfWork, change: PolicyChange): Promise<HandlerResult> {
    await this.store.apply(unit, change);
    this.refreshAfter(unit);
    return handled.ok;
  }

  async heartbeat(unit: UnitOfWork, at: number, environment?: string): Promise<HandlerResult> {
    await this.store.heartbeat(unit, at, environment);
    this.refreshAfter(unit);
    return handled.ok;
  }

  private refreshAfter(unit: UnitOfWork): void {
    // Not awaited by the commit: the consumer goes on while the cache reads.
    unit.afterCommit(() => void this.cache.refresh());
  }
}

const millis = (time: string | null): number | null => (time === null ? null : Date.parse(time));

@Injectable()
export class PrincipalChangedConsumer extends EventConsumer<typeof PrincipalChanged> {
  readonly event = PrincipalChanged;
  constructor(private readonly policy: PolicyUpdate) {
    super();
  }

  handle({ payload }: IncomingEvent<typeof PrincipalChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { principalId: id, kind, state, roles, tokensNotBefore } = payload;
    const value = { id, kind, roles, active: state === 'active', tokensNotBefore: millis(tokensNotBefore) };
    return this.policy.apply(unit, { kind: 'principal', value });
  }
}

@Injectable()
export class ApiKeyChangedConsumer extends EventConsumer<typeof ApiKeyChanged> {
  readonly event = ApiKeyChanged;
  constructor(private readonly policy: PolicyUpdate) {
    super();
  }

  handle({ payload }: IncomingEvent<typeof ApiKeyChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { keyId: id, secretDigest, principalId, state, project, expiresAt } = payload;
    const { scopes = null, limits = null, firstKeyId = null } = payload;
    const value = {
      id,
      secretDigest,
      principalId,
      project,
      scopes,
      limits,
      firstKeyId,
      active: state === 'active',
      expiresAt: millis(expiresAt),
    };
    return this.policy.apply(unit, { kind: 'api-key', value });
  }
}

@Injectable()
export class RoleChangedConsumer extends EventConsumer<typeof RoleChanged> {
  readonly event = RoleChanged;
  constructor(private readonly policy: PolicyUpdate) {
    super();
  }

  handle({ payload }: IncomingEvent<typeof RoleChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    // A rule that cannot be understood stops the topic here, where it is seen, and not at somebody's request.
    for (const rule of payload.rules) compileConditions(rule.conditions ?? {});
    const value = { name: payload.role, version: payload.roleVersion, rules: payload.rules };
    return this.policy.apply(unit, { kind: 'role', value });
  }
}

@Injectable()
export class SigningKeyPublishedConsumer extends EventConsumer<typeof SigningKeyPublished> {
  readonly event = SigningKeyPublished;
  constructor(private readonly policy: PolicyUpdate) {
    super();
  }

  handle({ payload }: IncomingEvent<typeof SigningKeyPublished>, unit: UnitOfWork): Promise<HandlerResult> {
    const value = {
      id: payload.keyId,
      publicKey: payload.publicKey,
      active: payload.state === 'active',
    };
    return this.policy.apply(unit, { kind: 'signing-key', value });
  }
}

@Injectable()
export class ProjectChangedConsumer extends EventConsumer<typeof ProjectChanged> {
  readonly event = ProjectChanged;
  constructor(private readonly policy: PolicyUpdate) {
    super();
  }

  handle({ payload }: IncomingEvent<typeof ProjectChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const value = {
      name: payload.projectId,
      active: payload.state === 'active',
      tags: payload.tags ?? [],
      objects: payload.objects ?? [],
      limits: payload.limits ?? null,
    };
    return this.policy.apply(unit, { kind: 'project', value });
  }
}

@Injectable()
export class SessionRevokedConsumer extends EventConsumer<typeof SessionRevoked> {
  readonly event = SessionRevoked;
  constructor(private readonly policy: PolicyUpdate) {
    super();
  }

  handle({ payload }: IncomingEvent<typeof SessionRevoked>, unit: UnitOfWork): Promise<HandlerResult> {
    const value = { id: payload.sessionId, expiresAt: Date.parse(payload.expiresAt) };
    return this.policy.apply(unit, { kind: 'revoked-session', value });
  }
}

@Injectable()
export class ProcessingChangedConsumer extends EventConsumer<typeof ProcessingChanged> {
  readonly event = ProcessingChanged;
  constructor(private readonly policy: PolicyUpdate) {
    super();
  }

  handle({ payload }: IncomingEvent<typeof ProcessingChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { projectId: project, purposeRequired, bindings } = payload;
    return this.policy.apply(unit, { kind: 'processing', value: { project, purposeRequired, bindings } });
  }
}

@Injectable()
export class DecisionPolicyChangedConsumer extends EventConsumer<typeof DecisionPolicyChanged> {
  readonly event = DecisionPolicyChanged;
  constructor(private readonly policy: PolicyUpdate) {
    super();
  }

  handle({ payload }: IncomingEvent<typeof DecisionPolicyChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { projectId: project, policyVersion: version, ...rest } = payload;
    return this.policy.apply(unit, { kind: 'decisions', value: { project, version, ...rest } });
  }
}

/** The event's own time counts, not its arrival: heartbeats that are read late say nothing of now. */
@Injectable()
export class PolicyHeartbeatConsumer extends EventConsumer<typeof PolicyHeartbeat> {
  readonly event = PolicyHeartbeat;
  constructor(
    private readonly policy: PolicyUpdate,
    private readonly clock: Clock,
  ) {
    super();
  }

  handle({ time, payload }: IncomingEvent<typeof PolicyHeartbeat>, unit: UnitOfWork): Promise<HandlerResult> {
    return this.policy.heartbeat(unit, Math.min(Date.parse(time), this.clock.now()), payload.environment);
  }
}

export const PolicyConsumers = [
  PrincipalChangedConsumer,
  ApiKeyChangedConsumer,
  RoleChangedConsumer,
  SigningKeyPublishedConsumer,
  ProjectChangedConsumer,
  ProcessingChangedConsumer,
  DecisionPolicyChangedConsumer,
  SessionRevokedConsumer,
  PolicyHeartbeatConsumer,
] as const;
