import '@steward/service/otel';
import { join } from 'node:path';
import { runService } from '@steward/service';
import { AppModule } from './app.module';
import { GovernanceSettings, webhookOf } from './governance.config';

void runService({
  name: 'governance',
  config: GovernanceSettings,
  module: (config) =>
    AppModule.forRoot({
      keysFolder: join(config.dataDir, 'keys', 'governance'),
      artifactsFolder: join(config.dataDir, 'artifacts'),
      witness: config.STEWARD_AUDIT_WITNESS,
      webhook: webhookOf(config),
      environment: config.STEWARD_ENVIRONMENT,
      retentionHours: config.STEWARD_GOVERNANCE_RETENTION_HOURS,
      installationNoteDays: config.STEWARD_GOVERNANCE_LOGIN_NOTE_DAYS,
      tokenSeconds: config.STEWARD_GOVERNANCE_TOKEN_SECONDS,
      oidc: {
        providers: config.STEWARD_OIDC_PROVIDERS,
        publicUrl: config.STEWARD_GOVERNANCE_PUBLIC_URL?.replace(/\/$/, '') ?? null,
      },
      firstPassword: config.STEWARD_ADMIN_PASSWORD,
    }),
});
