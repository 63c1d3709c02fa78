import type { ModuleMetadata } from '@nestjs/common';
import { retentionProviders } from '@steward/subjects';
import { CancelRetentionRun } from './cancel-retention-run';
import { ConfirmRetentionRun } from './confirm-retention-run';
import { EndRetentionCount } from './end-retention-count';
import { EndRetentionDeletion } from './end-retention-deletion';
import { ForgetInstallationNotes, INSTALLATION_NOTE_DAYS } from './forget-installation-notes';
import { FinishRetentionRuns } from './finish-retention-runs';
import { GovernanceRetention } from './governance-retention';
import { LiftHold } from './lift-hold';
import { OpenRetentionRun } from './open-retention-run';
import { OrderRetention } from './order-retention';
import { OwnOldRowsRepository } from './own-old-rows.repository';
import { PgOwnOldRowsRepository } from './pg-own-old-rows.repository';
import { PgRetentionPolicyRepository } from './pg-retention-policy.repository';
import { PgRetentionRunRepository } from './pg-retention-run.repository';
import { PlaceHold } from './place-hold';
import { PutRetentionPolicy } from './put-retention-policy';
import { ReadRetention } from './read-retention';
import { ReadRetentionReports } from './read-retention-reports';
import {
  GovernanceRetentionAnsweredConsumer,
  IngestionRetentionAnsweredConsumer,
  MonitoringRetentionAnsweredConsumer,
} from './retention-answers.consumers';
import { RetentionRunsController } from './retention-runs.controller';
import { RetentionController } from './retention.controller';
import { RetentionMetrics } from './retention.metrics';
import { RetentionPolicyRepository, RetentionRunRepository } from './retention.repository';
import { RETENTION_HOURS, ScheduleRetention } from './schedule-retention';
import { TakeRetentionAnswer } from './take-retention-answer';

/**
 * Retention: the part of the application's module that is its own. `hours`: between two runs of the schedule; `noteDays`:
 * how long notes of entries without a project are kept.
 */
export const retention = (hours: number, noteDays: number) =>
  ({
    controllers: [RetentionController, RetentionRunsController],
    providers: [
      { provide: RETENTION_HOURS, useValue: hours },
      { provide: INSTALLATION_NOTE_DAYS, useValue: noteDays },
      { provide: RetentionPolicyRepository, useClass: PgRetentionPolicyRepository },
      { provide: RetentionRunRepository, useClass: PgRetentionRunRepository },
      { provide: OwnOldRowsRepository, useClass: PgOwnOldRowsRepository },
      ...retentionProviders(GovernanceRetention),
      PutRetentionPolicy,
      PlaceHold,
      LiftHold,
      ReadRetention,
      ReadRetentionReports,
      OrderRetention,
      OpenRetentionRun,
      ConfirmRetentionRun,
      CancelRetentionRun,
      EndRetentionCount,
      EndRetentionDeletion,
      FinishRetentionRuns,
      TakeRetentionAnswer,
      ScheduleRetention,
      ForgetInstallationNotes,
      RetentionMetrics,
      IngestionRetentionAnsweredConsumer,
      MonitoringRetentionAnsweredConsumer,
      GovernanceRetentionAnsweredConsumer,
    ],
  }) satisfies ModuleMetadata;
