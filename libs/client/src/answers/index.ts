/**
 * What the services answer over HTTP, as the command line and the console read it. Types alone: importing them costs a
 * browser nothing.
 */
export type {
  EvaluationAnswer,
  FairnessAnswer,
  GroupAnswer,
  Interval,
  LearnerAnswer,
  PerformanceAnswer,
  Rate,
} from './evaluation-answer';
export type {
  ApprovalAnswer,
  ApprovalPolicyAnswer,
  AuditEntryAnswer,
  CommentAnswer,
  DecisionAnswer,
  ColleagueAnswer,
  DelegationAnswer,
  EvidenceAnswer,
  GateAnswer,
  HeadAnswer,
  LoginAnswer,
  ReportAnswer,
  PublicKeyAnswer,
  SessionAnswer,
  UserAnswer,
} from './governance-answers';
export type {
  AssessmentBodyAnswer,
  BindingAnswer,
  BookEntryAnswer,
  BreachAnswer,
  ConsentAnswer,
  DecisionPolicyAnswer,
  EmergencyAnswer,
  GeneratedAssessmentAnswer,
  HeldByGroupAnswer,
  HeldDecisionAnswer,
  ImpactAssessmentAnswer,
  ModelRiskAnswer,
  NotificationAnswer,
  ProcessingSettingsAnswer,
  PurposeAnswer,
  RecordAnswer,
  WholeBreachAnswer,
  WholeHeldDecisionAnswer,
} from './records-answers';
export type {
  BatchAnswer,
  ContractAnswer,
  DatasetAnswer,
  PredictionAnswer,
  QuarantineAnswer,
  UploadAnswer,
  VersionAnswer,
} from './ingestion-answers';
export type {
  CanaryGateAnswer,
  ModelDeploymentAnswer,
  RequestLimits,
  RolloutAnswer,
  RolloutLookAnswer,
} from './inference-answers';
export type {
  AlertAnswer,
  CellAnswer,
  ColumnDriftAnswer,
  DriftAnswer,
  MonitorAnswer,
  WindowAnswer,
} from './monitoring-answers';
export type { Page } from './page';
export type { DeadLetterAnswer, DeploymentAnswer, HealthAnswer, LaterEventAnswer } from './service-answers';
export type {
  AliasAnswer,
  AliasMoveAnswer,
  AliasesAnswer,
  ComparisonFigures,
  ModelAnswer,
  ModelVersionAnswer,
  PipelineAnswer,
  RetrainAnswer,
  RunAnswer,
  RunResultAnswer,
} from './training-answers';
