export { asyncApiDocument } from './async-api';
export { CallLimits } from './call-limits';
export { TaggedKinds } from './tagged-kinds';
export type { TaggedKind } from './tagged-kinds';
export { ColumnClasses, ColumnTypes, ContractColumn, DatasetContract } from './dataset-contract';
export type { ColumnClass, ColumnType } from './dataset-contract';
export { defineEvent, defineTelemetry, defineTopic, MAX_EVENT_BYTES } from './event-definition';
export type {
  EventDefinition,
  EventEnvelope,
  JsonEventDefinition,
  PayloadOf,
  ProtobufCodec,
  ProtobufEventDefinition,
  TopicDefinition,
} from './event-definition';
export { AuditEntry, AuditEntryRecorded, AuditNote, AuditNoteRecorded } from './events/audit';
export {
  ApiKeyChanged,
  ApiKeysUsed,
  ApprovalDecided,
  BreachScoped,
  ConsentChanged,
  DecisionPolicyChanged,
  DecisionReviewed,
  EmergencyAccessChanged,
  PolicyHeartbeat,
  ProcessingChanged,
  PrincipalChanged,
  ProjectChanged,
  RoleChanged,
  SessionRevoked,
  SigningKeyPublished,
} from './events/governance';
export { DecisionHeld, DeploymentChanged } from './events/inference';
export { BreachExposed, ContractRegistered, DatasetVersionCreated } from './events/ingestion';
export {
  AlertKinds,
  AlertRaised,
  AlertResolved,
  MonitorChanged,
  RetrainRequested,
  WindowJudged,
  WindowOutcomesJudged,
  WindowVerdicts,
} from './events/monitoring';
export {
  RetentionAnswered,
  RetentionClasses,
  RetentionHoldChanged,
  RetentionModes,
  RetentionOrdered,
} from './events/retention';
export type { RetentionClass, RetentionMode } from './events/retention';
export {
  ErasureRequested,
  SubjectDataCollected,
  MOST_EXPLAINED_DECISIONS,
  SubjectDataGathered,
  SubjectDataRequested,
  SubjectErased,
  SubjectModelsFlagged,
  SubjectProcessingChanged,
  SubjectRectified,
  SubjectRequestChanged,
  RefusalGrounds,
  SubjectRequestKinds,
  SubjectRequestStates,
} from './events/subjects';
export type { RefusalGround, SubjectRequestKind, SubjectRequestState } from './events/subjects';
export {
  DeploymentPlanChanged,
  PromotionRequested,
  RolloutChanged,
  RolloutObserved,
  RolloutStates,
} from './events/rollouts';
export { OutcomeRecorded, PredictionLogged } from './events/telemetry';
export {
  AliasChanged,
  ApprovalRequested,
  ApprovalVoided,
  Exclusion,
  ModelDescriptor,
  ModelVersionRegistered,
  PipelineChanged,
  RetrainDeclined,
  RunChanged,
  RunStates,
} from './events/training';
export { FieldClasses } from './field';
export type { FieldClass } from './field';
export type {
  Column as TelemetryColumn,
  OutcomeRecorded as OutcomeRecordedMessage,
  PredictionLogged as PredictionLoggedMessage,
} from './generated/steward/telemetry/v1/telemetry';
export { allEvents } from './registry';
export { Services } from './services';
export type { ServiceName } from './services';
export {
  allTopics,
  AuditNoteTopics,
  AuditTopics,
  CredentialUseTopics,
  RetentionParticipants,
  RetentionTopics,
  SubjectParticipants,
  SubjectTopics,
  Topics,
} from './topics';
export type { RetentionParticipant, SubjectParticipant } from './topics';
export { walkFields } from './walk-fields';
export type { SchemaLeaf } from './walk-fields';
export { ScratchWriter } from './scratch-writer';
