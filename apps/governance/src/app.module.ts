import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ArtifactsModule } from '@steward/artifacts';
import { Approvals } from './approvals/approvals.module';
import { AuditModule } from './audit/audit.module';
import { BreakGlass } from './break-glass/break-glass.module';
import { Breaches } from './breaches/breaches.module';
import { GovernanceRpc } from './governance.rpc';
import { HeldDecisions } from './held-decisions/held-decisions.module';
import { IdentityModule, type IdentityOptions } from './identity/identity.module';
import { subjectRequests } from './subject-requests/subject-requests.module';
import { ImpactAssessments } from './impact-assessments/impact-assessments.module';
import { notifications } from './notifications/notifications.module';
import type { WebhookSettings } from './notifications/webhook';
import { Records } from './records/records.module';
import { retention } from './retention/retention.module';
import { Reports } from './reports/reports.module';
import { TemporaryRolesModule } from './temporary-roles/temporary-roles.module';

/** What {@link AppModule} needs to know. */
export interface GovernanceOptions extends IdentityOptions {
  /** Folder of the artifact store. */
  readonly artifactsFolder: string;
  /** Verifier key and URL of the witness that cosigns the audit log's heads; undefined: none. */
  readonly witness?: string | undefined;
  /** Where notifications go; undefined: they are shown alone. */
  readonly webhook?: WebhookSettings | undefined;
  /** Hours between two runs of retention by the schedule. Default 24. */
  readonly retentionHours?: number;
  /** Days that notes of the audit log that belong to no project (logins) are kept. Default 365. */
  readonly installationNoteDays?: number;
}

/** What stands in folders of its own and brings its own list. */
const FEATURES: readonly Required<Pick<ModuleMetadata, 'controllers' | 'providers'>>[] = [
  Approvals,
  BreakGlass,
  Records,
  ImpactAssessments,
  HeldDecisions,
  Breaches,
  Reports,
];

/** Governance: who may do what, approvals, and the audit log. */
@Module({})
export class AppModule {
  static forRoot(options: GovernanceOptions): DynamicModule {
    const features = [
      ...FEATURES,
      subjectRequests(options.keysFolder),
      notifications(options.webhook),
      retention(options.retentionHours ?? 24, options.installationNoteDays ?? 365),
    ];
    return {
      module: AppModule,
      imports: [
        ArtifactsModule.local(options.artifactsFolder),
        TemporaryRolesModule,
        IdentityModule.forRoot(options),
        AuditModule.forRoot(options.keysFolder, options.witness),
      ],
      controllers: features.flatMap(({ controllers }) => controllers),
      providers: [...features.flatMap(({ providers }) => providers), GovernanceRpc],
    };
  }
}
