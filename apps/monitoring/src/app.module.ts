import { Module, type DynamicModule } from '@nestjs/common';
import { ArtifactsModule } from '@steward/artifacts';
import { AcknowledgeAlert } from './alerts/acknowledge-alert';
import { AlertRepository } from './alerts/alert.repository';
import { AlertsController } from './alerts/alerts.controller';
import { ApprovalDecidedConsumer } from './alerts/approval-decided.consumer';
import { ApprovalRequestedConsumer } from './alerts/approval-requested.consumer';
import { ApprovalVoidedConsumer } from './alerts/approval-voided.consumer';
import { EndRetraining } from './alerts/end-retraining';
import { PgAlertRepository } from './alerts/pg-alert.repository';
import { RaiseAlerts } from './alerts/raise-alerts';
import { RequestRetraining } from './alerts/request-retraining';
import { RetrainDeclinedConsumer } from './alerts/retrain-declined.consumer';
import { RunChangedConsumer } from './alerts/run-changed.consumer';
import { AliasChangedConsumer } from './champions/alias-changed.consumer';
import { ChampionRepository } from './champions/champion.repository';
import { PgChampionRepository } from './champions/pg-champion.repository';
import { References } from './champions/references';
import { MonitoringConfig } from './monitoring.config';
import { MonitoringRpc } from './monitoring.rpc';
import { DecisionOnMonitor } from './monitors/decision-on-monitor';
import { MonitorRepository } from './monitors/monitor.repository';
import { MonitorsController } from './monitors/monitors.controller';
import { PgMonitorRepository } from './monitors/pg-monitor.repository';
import { PutMonitor } from './monitors/put-monitor';
import { CountRollouts } from './rollouts/count-rollouts';
import { DrawnOutcomeConsumer } from './rollouts/drawn-outcome.consumer';
import { DrawnPredictionConsumer } from './rollouts/drawn-prediction.consumer';
import { PgRolloutCountRepository } from './rollouts/pg-rollout-count.repository';
import { RolloutCountRepository } from './rollouts/rollout-count.repository';
import { CloseWindow } from './windows/close-window';
import { CountPredictions } from './windows/count-predictions';
import { FillWindows } from './windows/fill-windows';
import { JoinOutcomes } from './windows/join-outcomes';
import { MonitoringMetrics } from './windows/monitoring.metrics';
import { HeldDecisions } from './held-decisions/held-decisions.module';
import { OutcomeRecordedConsumer } from './windows/outcome-recorded.consumer';
import { PgWindowArchive } from './windows/pg-window-archive';
import { PgWindowRepository } from './windows/pg-window.repository';
import { PredictionLoggedConsumer } from './windows/prediction-logged.consumer';
import { retentionProviders, subjectProviders } from '@steward/subjects';
import { MonitoringRetention } from './retention/monitoring-retention';
import { OldRowRepository } from './retention/old-row.repository';
import { PgOldRowRepository } from './retention/pg-old-row.repository';
import { MonitoringSubjects } from './subjects/monitoring-subjects';
import { PgSubjectRowRepository } from './subjects/pg-subject-row.repository';
import { SubjectRowRepository } from './subjects/subject-row.repository';
import { WindowSchedule } from './windows/window-schedule';
import { WindowArchive } from './windows/window-archive';
import { WindowRepository } from './windows/window.repository';
import { WindowsController } from './windows/windows.controller';

/** Monitoring: champions and their references, monitors, windows, alerts. */
@Module({})
export class AppModule {
  static forRoot(config: MonitoringConfig, artifactsFolder: string): DynamicModule {
    return {
      module: AppModule,
      imports: [ArtifactsModule.local(artifactsFolder)],
      controllers: [MonitorsController, WindowsController, AlertsController, ...HeldDecisions.controllers],
      providers: [
        { provide: MonitoringConfig, useValue: config },
        { provide: ChampionRepository, useClass: PgChampionRepository },
        { provide: MonitorRepository, useClass: PgMonitorRepository },
        { provide: WindowRepository, useClass: PgWindowRepository },
        { provide: WindowArchive, useClass: PgWindowArchive },
        { provide: AlertRepository, useClass: PgAlertRepository },
        { provide: SubjectRowRepository, useClass: PgSubjectRowRepository },
        ...subjectProviders(MonitoringSubjects),
        { provide: OldRowRepository, useClass: PgOldRowRepository },
        ...retentionProviders(MonitoringRetention),
        ...HeldDecisions.providers,
        References,
        DecisionOnMonitor,
        PutMonitor,
        CountPredictions,
        FillWindows,
        JoinOutcomes,
        CloseWindow,
        WindowSchedule,
        RaiseAlerts,
        RequestRetraining,
        EndRetraining,
        AcknowledgeAlert,
        MonitoringMetrics,
        MonitoringRpc,
        AliasChangedConsumer,
        RunChangedConsumer,
        ApprovalRequestedConsumer,
        ApprovalDecidedConsumer,
        ApprovalVoidedConsumer,
        RetrainDeclinedConsumer,
        PredictionLoggedConsumer,
        OutcomeRecordedConsumer,
        { provide: RolloutCountRepository, useClass: PgRolloutCountRepository },
        CountRollouts,
        DrawnPredictionConsumer,
        DrawnOutcomeConsumer,
      ],
    };
  }
}
