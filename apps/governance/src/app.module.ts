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
import { AnnouncePolicy } from './identity/announce-policy';
import { ApiKeysController } from './identity/api-keys.controller';
import { Argon2PasswordHasher } from './identity/argon2-password.hasher';
import { ChangePassword } from './identity/change-password';
import { CreateApiKey } from './identity/create-api-key';
import { CreatePrincipal } from './identity/create-principal';
import { CreateProject } from './identity/create-project';
import { FirstAdministratorNotice } from './identity/first-administrator.port';
import {
  ApiKeyRepository,
  IdentityRepository,
  LoginFailureRepository,
  ProjectRepository,
} from './identity/identity.repository';
import { IpcFirstAdministratorNotice } from './identity/ipc-first-administrator.notice';
import { JoseTokenIssuer } from './identity/jose-token.issuer';
import { LogIn } from './identity/log-in';
import { LoginController } from './identity/login.controller';
import { PasswordHasher } from './identity/password.hasher';
import { PgIdentityRepository, PgLoginFailureRepository } from './identity/pg-identity.repository';
import { PgPublishedPolicyRepository } from './identity/pg-published-policy.repository';
import { PgApiKeyRepository, PgProjectRepository } from './identity/pg-project.repository';
import { ProjectsController } from './identity/projects.controller';
import { PublishPolicy } from './identity/publish-policy';
import { PublishedPolicyRepository } from './identity/published-policy.repository';
import { RevokeApiKey } from './identity/revoke-api-key';
import { SetRoles } from './identity/set-roles';
import { SetState } from './identity/set-state';
import { FirstPassword, StartIdentity } from './identity/start-identity';
import { TokenIssuer } from './identity/token.issuer';
import { UsersController } from './identity/users.controller';

/** What {@link AppModule} needs to know. */
export interface GovernanceOptions {
  /** Folder of the keys that sign tokens and the audit log's heads; made 0700 where there is none. */
  readonly keysFolder: string;
  readonly tokenSeconds: number;
  /** The first administrator's password; a random one, shown once, where there is none. */
  readonly firstPassword: string | undefined;
}

const REPOSITORIES: Provider[] = [
  { provide: IdentityRepository, useClass: PgIdentityRepository },
  { provide: LoginFailureRepository, useClass: PgLoginFailureRepository },
  { provide: ApiKeyRepository, useClass: PgApiKeyRepository },
  { provide: ProjectRepository, useClass: PgProjectRepository },
  { provide: PublishedPolicyRepository, useClass: PgPublishedPolicyRepository },
  { provide: ApprovalRepository, useClass: PgApprovalRepository },
  { provide: ApprovalPolicyRepository, useClass: PgApprovalPolicyRepository },
  { provide: AccountRepository, useClass: PgAccountRepository },
];

const IDENTITY: Provider[] = [
  { provide: PasswordHasher, useClass: Argon2PasswordHasher },
  { provide: FirstAdministratorNotice, useClass: IpcFirstAdministratorNotice },
  AnnouncePolicy,
  LogIn,
  ChangePassword,
  CreatePrincipal,
  SetRoles,
  SetState,
  CreateApiKey,
  RevokeApiKey,
  CreateProject,
  PublishPolicy,
  StartIdentity,
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
      imports: [AuditModule.forRoot(options.keysFolder)],
      controllers: [
        LoginController,
        UsersController,
        ApiKeysController,
        ProjectsController,
        ApprovalPoliciesController,
        ApprovalsController,
      ],
      providers: [...keys(options), ...REPOSITORIES, ...IDENTITY, ...APPROVALS, GovernanceRpc],
    };
  }
}

function keys({ keysFolder, tokenSeconds, firstPassword }: GovernanceOptions): Provider[] {
  return [
    { provide: TokenIssuer, useFactory: () => JoseTokenIssuer.fromFolder(keysFolder, tokenSeconds) },
    { provide: FirstPassword, useValue: { given: firstPassword } satisfies FirstPassword },
  ];
}
