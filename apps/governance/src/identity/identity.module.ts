import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { AnnouncePolicy } from './announce-policy';
import { ApiKeysController } from './api-keys.controller';
import { Argon2PasswordHasher } from './argon2-password.hasher';
import { ChangePassword } from './change-password';
import { CreateApiKey } from './create-api-key';
import { CreatePrincipal } from './create-principal';
import { Environment } from './environment';
import { TagObject } from './tag-object';
import { ChangeProject } from './change-project';
import { CreateProject } from './create-project';
import { FirstAdministratorNotice } from './first-administrator.port';
import {
  ApiKeyRepository,
  IdentityRepository,
  LoginFailureRepository,
  ProjectRepository,
} from './identity.repository';
import { IpcFirstAdministratorNotice } from './ipc-first-administrator.notice';
import { JoseTokenIssuer } from './jose-token.issuer';
import { LimitsController } from './limits.controller';
import { LogIn } from './log-in';
import { LoginController } from './login.controller';
import { PasswordHasher } from './password.hasher';
import { PgIdentityRepository, PgLoginFailureRepository } from './pg-identity.repository';
import { PgPublishedPolicyRepository } from './pg-published-policy.repository';
import { PgApiKeyRepository, PgProjectRepository } from './pg-project.repository';
import { ProjectsController } from './projects.controller';
import { PublishPolicy } from './publish-policy';
import { PublishedPolicyRepository } from './published-policy.repository';
import { RevokeApiKey } from './revoke-api-key';
import { RotateApiKey } from './rotate-api-key';
import { ApiKeysUsedConsumers } from './api-keys-used.consumers';
import { SetLimits } from './set-limits';
import { SetRoles } from './set-roles';
import { SetState } from './set-state';
import { FirstPassword, StartIdentity } from './start-identity';
import { TokenIssuer } from './token.issuer';
import { UsersController } from './users.controller';
import { EndSession } from '../sessions/end-session';
import { OpenSession } from '../sessions/open-session';
import { PgSessionRepository } from '../sessions/pg-session.repository';
import { SessionRepository } from '../sessions/session.repository';
import { DecisionsController } from '../decisions/decisions.controller';
import { ExplainAccess } from '../decisions/explain-access';
import { ApplyPolicy } from '../roles/apply-policy';
import { ChangeRole } from '../roles/change-role';
import { PgRoleRepository } from '../roles/pg-role.repository';
import { PolicyController } from '../roles/policy.controller';
import { ReadRoles } from '../roles/read-roles';
import { RoleRepository } from '../roles/role.repository';
import { RolesController } from '../roles/roles.controller';
import { LogInByOidc } from '../oidc/log-in-by-oidc';
import { MapGroups } from '../oidc/map-groups';
import { OidcClient } from '../oidc/oidc.client';
import { OidcController } from '../oidc/oidc.controller';
import { OidcLoginRepository } from '../oidc/oidc-login.repository';
import { OidcSettings } from '../oidc/oidc-provider';
import { OpenidOidcClient } from '../oidc/openid-client';
import { PgOidcLoginRepository } from '../oidc/pg-oidc-login.repository';
import { CheckSecondFactor } from '../second-factors/check-second-factor';
import { PgSecondFactorRepository, SecondFactorKey } from '../second-factors/pg-second-factor.repository';
import { SecondFactorRepository } from '../second-factors/second-factor.repository';
import { SecondFactorsController } from '../second-factors/second-factors.controller';
import { SetPassword } from './set-password';
import { readOrCreateSecret } from './key-file';
import { randomBytes } from 'node:crypto';
import { SessionsController } from '../sessions/sessions.controller';

/** What {@link IdentityModule} needs to know. */
export interface IdentityOptions {
  /** Folder of the keys that sign tokens and the audit log's heads; made 0700 where there is none. */
  readonly keysFolder: string;
  readonly tokenSeconds: number;
  /** The first administrator's password; a random one, shown once, where there is none. */
  readonly firstPassword: string | undefined;
  /** Which environment this installation is, for approval policies and rules of roles. */
  readonly environment: string;
  /** Providers of identities, and governance's address as browsers see it; default: none. */
  readonly oidc?: OidcSettings;
}

const REPOSITORIES: Provider[] = [
  { provide: IdentityRepository, useClass: PgIdentityRepository },
  { provide: LoginFailureRepository, useClass: PgLoginFailureRepository },
  { provide: RoleRepository, useClass: PgRoleRepository },
  { provide: SecondFactorRepository, useClass: PgSecondFactorRepository },
  { provide: OidcLoginRepository, useClass: PgOidcLoginRepository },
  { provide: SessionRepository, useClass: PgSessionRepository },
  { provide: ApiKeyRepository, useClass: PgApiKeyRepository },
  { provide: ProjectRepository, useClass: PgProjectRepository },
  { provide: PublishedPolicyRepository, useClass: PgPublishedPolicyRepository },
];

const USE_CASES: Provider[] = [
  { provide: PasswordHasher, useClass: Argon2PasswordHasher },
  { provide: FirstAdministratorNotice, useClass: IpcFirstAdministratorNotice },
  AnnouncePolicy,
  OpenSession,
  EndSession,
  LogIn,
  SetPassword,
  ChangePassword,
  CheckSecondFactor,
  LogInByOidc,
  MapGroups,
  { provide: OidcClient, useClass: OpenidOidcClient },
  CreatePrincipal,
  SetRoles,
  SetState,
  CreateApiKey,
  RevokeApiKey,
  RotateApiKey,
  ...ApiKeysUsedConsumers,
  CreateProject,
  ChangeProject,
  TagObject,
  SetLimits,
  ReadRoles,
  ChangeRole,
  ApplyPolicy,
  ExplainAccess,
  PublishPolicy,
  StartIdentity,
];

/** People, machines, sessions, roles, keys and projects. Global: approvals and requests look people up. */
@Module({})
export class IdentityModule {
  static forRoot(options: IdentityOptions): DynamicModule {
    const providers = [...keys(options), ...REPOSITORIES, ...USE_CASES];
    return {
      module: IdentityModule,
      global: true,
      controllers: [
        LoginController,
        SessionsController,
        OidcController,
        SecondFactorsController,
        RolesController,
        PolicyController,
        DecisionsController,
        UsersController,
        ApiKeysController,
        ProjectsController,
        LimitsController,
      ],
      providers,
      exports: providers,
    };
  }
}

function keys({ keysFolder, tokenSeconds, firstPassword, environment, oidc }: IdentityOptions): Provider[] {
  return [
    { provide: Environment, useValue: { name: environment } satisfies Environment },
    { provide: TokenIssuer, useFactory: () => JoseTokenIssuer.fromFolder(keysFolder, tokenSeconds) },
    {
      provide: SecondFactorKey,
      useValue: { read: () => secondFactorKey(keysFolder) } satisfies SecondFactorKey,
    },
    { provide: OidcSettings, useValue: oidc ?? ({ providers: [], publicUrl: null } satisfies OidcSettings) },
    { provide: FirstPassword, useValue: { given: firstPassword } satisfies FirstPassword },
  ];
}

/** Made with the first second factor, so that an installation without any has no key to keep. */
function secondFactorKey(folder: string): Buffer {
  const text = readOrCreateSecret(folder, 'second-factors.key', () => randomBytes(32).toString('hex'));
  return Buffer.from(text, 'hex');
}
