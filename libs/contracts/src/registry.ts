import type { EventDefinition } from './event-definition';
import * as audit from './events/audit';
import * as governance from './events/governance';
import * as inference from './events/inference';
import * as ingestion from './events/ingestion';
import * as monitoring from './events/monitoring';
import * as retention from './events/retention';
import * as subjects from './events/subjects';
import * as rollouts from './events/rollouts';
import * as telemetry from './events/telemetry';
import * as training from './events/training';

/** Every event there is. What is not here can be neither published nor consumed. */
export const allEvents: readonly EventDefinition[] = [
  ingestion.ContractRegistered,
  ingestion.DatasetVersionCreated,
  training.PipelineChanged,
  training.RunChanged,
  training.ModelVersionRegistered,
  training.ApprovalRequested,
  training.ApprovalVoided,
  training.AliasChanged,
  training.RetrainDeclined,
  governance.ApprovalDecided,
  governance.ProjectChanged,
  governance.PrincipalChanged,
  governance.ApiKeyChanged,
  governance.RoleChanged,
  governance.SessionRevoked,
  governance.SigningKeyPublished,
  governance.PolicyHeartbeat,
  governance.EmergencyAccessChanged,
  governance.ProcessingChanged,
  governance.DecisionPolicyChanged,
  governance.ConsentChanged,
  governance.BreachScoped,
  ingestion.BreachExposed,
  governance.DecisionReviewed,
  inference.DecisionHeld,
  inference.DeploymentChanged,
  rollouts.DeploymentPlanChanged,
  rollouts.RolloutChanged,
  rollouts.PromotionRequested,
  rollouts.RolloutObserved,
  telemetry.PredictionLogged,
  telemetry.OutcomeRecorded,
  monitoring.MonitorChanged,
  monitoring.WindowJudged,
  monitoring.WindowOutcomesJudged,
  monitoring.AlertRaised,
  monitoring.AlertResolved,
  monitoring.RetrainRequested,
  subjects.SubjectRequestChanged,
  subjects.ErasureRequested,
  subjects.SubjectDataRequested,
  subjects.SubjectDataCollected,
  subjects.SubjectProcessingChanged,
  ...Object.values(subjects.SubjectErased),
  ...Object.values(subjects.SubjectDataGathered),
  subjects.SubjectRectified,
  subjects.SubjectModelsFlagged,
  retention.RetentionHoldChanged,
  retention.RetentionOrdered,
  ...Object.values(retention.RetentionAnswered),
  ...Object.values(audit.AuditEntryRecorded),
  ...Object.values(audit.AuditNoteRecorded),
  ...Object.values(governance.ApiKeysUsed),
];
