import type { ModuleMetadata } from '@nestjs/common';
import { AliasChangedConsumer } from './alias-changed.consumer';
import { AnswerChanges } from './answer-changes';
import { ApprovalDelegationsController } from './approval-delegations.controller';
import { ApprovalDiscussionController } from './approval-discussion.controller';
import { ApprovalMetrics } from './approval.metrics';
import { ApprovalPoliciesController } from './approval-policies.controller';
import { ApprovalRequestedConsumer } from './approval-requested.consumer';
import { ApprovalVoidedConsumer } from './approval-voided.consumer';
import {
  AccountRepository,
  ApprovalFileRepository,
  ApprovalPolicyRepository,
  ApprovalRepository,
  DelegationRepository,
} from './approval.repository';
import { ApprovalsController } from './approvals.controller';
import { CloseRequest } from './close-request';
import { DecideRequest } from './decide-request';
import { DelegateApproval } from './delegate-approval';
import { DiscussRequest } from './discuss-request';
import { ExpireRequests } from './expire-requests';
import { OpenRequest } from './open-request';
import { PgApprovalFileRepository, PgDelegationRepository } from './pg-approval-file.repository';
import { PgAccountRepository, PgApprovalPolicyRepository } from './pg-approval-policy.repository';
import { PgApprovalRepository } from './pg-approval.repository';
import { PutPolicy } from './put-policy';
import { ReadApprovals } from './read-approvals';
import { WeighRequest } from './weigh-request';

/** Approvals: the part of the application's module that is theirs. */
export const Approvals = {
  controllers: [
    ApprovalPoliciesController,
    ApprovalDelegationsController,
    ApprovalsController,
    ApprovalDiscussionController,
  ],
  providers: [
    { provide: ApprovalRepository, useClass: PgApprovalRepository },
    { provide: ApprovalPolicyRepository, useClass: PgApprovalPolicyRepository },
    { provide: ApprovalFileRepository, useClass: PgApprovalFileRepository },
    { provide: DelegationRepository, useClass: PgDelegationRepository },
    { provide: AccountRepository, useClass: PgAccountRepository },
    OpenRequest,
    CloseRequest,
    WeighRequest,
    DecideRequest,
    AnswerChanges,
    DiscussRequest,
    DelegateApproval,
    ExpireRequests,
    ReadApprovals,
    PutPolicy,
    ApprovalMetrics,
    ApprovalRequestedConsumer,
    ApprovalVoidedConsumer,
    AliasChangedConsumer,
  ],
} satisfies ModuleMetadata;
