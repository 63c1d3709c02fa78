import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { ServiceName } from '@steward/contracts';
import { Clock, SystemClock } from '@steward/kernel';
import { Access } from './access';
import { AuditTrail } from './audit-trail';
import { CredentialUse } from './credential-use';
import { EntryGuard } from './entry-guard';
import { HttpAccessGuard } from './http-access.guard';
import { OutboxAuditTrail } from './outbox-audit-trail';
import { PgPolicyStore } from './pg-policy.store';
import { PolicyAccess } from './policy-access';
import { PolicyCache } from './policy-cache';
import { PolicyConsumers, PolicyUpdate } from './policy-changed.consumer';
import { PolicyStore } from './policy.store';
import { PurposeLimitation } from './purpose-limitation';
import { RefusalTrail } from './refusal-trail';
import { SERVICE_NAME } from './service-name';

/** Options of {@link AccessModule}. */
export interface AccessOptions {
  /** Whose policy copy and whose audit topic. */
  readonly service: ServiceName;
  /** False for a process that only reads the copy, which another process of the same service fills. Default true. */
  readonly consumesPolicy?: boolean;
  /** A policy that stands in for the copy in the database. For tests of a service without governance. */
  readonly policy?: PolicyStore;
}

/**
 * Access for the whole application: the HTTP guard, {@link Access}, {@link AuditTrail}, {@link EntryGuard} for other
 * transports, and the consumers that fill the policy copy. Needs Database and Outbox from global modules.
 */
@Module({})
export class AccessModule {
  static forRoot(options: AccessOptions): DynamicModule {
    const consumers = options.consumesPolicy === false ? [] : PolicyConsumers;
    return {
      module: AccessModule,
      global: true,
      providers: [
        { provide: SERVICE_NAME, useValue: options.service },
        { provide: Clock, useClass: SystemClock },
        options.policy
          ? { provide: PolicyStore, useValue: options.policy }
          : { provide: PolicyStore, useClass: PgPolicyStore },
        PolicyCache,
        PolicyUpdate,
        { provide: Access, useClass: PolicyAccess },
        { provide: AuditTrail, useClass: OutboxAuditTrail },
        RefusalTrail,
        CredentialUse,
        EntryGuard,
        PurposeLimitation,
        { provide: APP_GUARD, useClass: HttpAccessGuard },
        ...consumers,
      ],
      exports: [
        Access,
        PurposeLimitation,
        AuditTrail,
        CredentialUse,
        EntryGuard,
        PolicyCache,
        PolicyStore,
        Clock,
        SERVICE_NAME,
      ],
    };
  }
}
