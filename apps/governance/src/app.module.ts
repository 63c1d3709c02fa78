import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { AliasChangedConsumer } from './approvals/alias-changed.consumer';
import { ApprovalMetrics } from './approvals/approval.metrics';
import {
  AccountRepository,
  ApprovalPolicyRepository,
  ApprovalRepository,
} from './approvals/approval.repository';
import { ApprovalPoliciesController } from './approvals/approval-policies.controller';
import { ApprovalRequestedConsumer } from './approvals/approval-requested.consumer';
import { ApprovalVoidedConsumer } from './approvals/approval-voided.consumer';
import { ApprovalsController } from './approvals/approvals.controller';
import { CloseRequest } from './approvals/close-request';
import { DecideRequest } from './approvals/decide-request';
import { OpenRequest } from './approvals/open-request';
import { PgAccountRepository, PgApprovalPolicyRepository } from './approvals/pg-approval-policy.repository';
import { PgApprovalRepository } from './approvals/pg-approval.repository';
import { PutPolicy } from './approvals/put-policy';
import { ReadApprovals } from './approvals/read-approvals';
import { WeighRequest } from './approvals/weigh-request';
import { AuditModule } from './audit/audit.module';
import { GovernanceRpc } from './governance.rpc';
import { IdentityModule, type IdentityOptions } from './identity/identity.module';

/** What {@link AppModule} needs to know. */
export type GovernanceOptions = IdentityOptions;

const REPOSITORIES: Provider[] = [
  { provide: ApprovalRepository, useClass: PgApprovalRepository },
  { provide: ApprovalPolicyRepository, useClass: PgApprovalPolicyRepository },
  { provide: AccountRepository, useClass: PgAccountRepository },
];

const APPROVALS: Provider[] = [
  OpenRequest,
  CloseRequest,
  WeighRequest,
  DecideRequest,
  ReadApprovals,
  PutPolicy,
  ApprovalMetrics,
  ApprovalRequestedConsumer,
  ApprovalVoidedConsumer,
  AliasChangedConsumer,
];

/** Governance: who may do what, approvals, and the audit log. */
@Module({})
export class AppModule {
  static forRoot(options: GovernanceOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [IdentityModule.forRoot(options), AuditModule.forRoot(options.keysFolder)],
      controllers: [ApprovalPoliciesController, ApprovalsController],
      providers: [...REPOSITORIES, ...APPROVALS, GovernanceRpc],
    };
  }
}
