export {
  CONTRIBUTIONS,
  contributionsTable,
  DECISIONS,
  decisionsTable,
  MODELS,
  modelsTable,
  rowObjects,
  UNEXPLAINED,
  unexplainedTable,
} from './decision-tables';
export type { HeldContribution, HeldDecision, HeldModel, HeldUnexplained } from './decision-tables';
export { sealedPartPath } from './do-subject-task';
export { ErasureList } from './erasure-list';
export { DestroyedPart, ErasureReport, RemainingPart, TrainedModelVersion } from './erasure-report';
export { HeldData, HeldTable, heldTable } from './held-data';
export { RetentionOrder, RetentionOrders, RetentionPart, RetentionReport, rowsPart } from './retention-order';
export { RetentionJournal, RetentionParticipation } from './retention-participant';
export type { RunOrder } from './retention-participant';
export { retentionProviders } from './retention.providers';
export { notHeld } from './retention-tables';
export type { RetentionTables } from './retention-tables';
export { RetentionTasks } from './retention-tasks';
export { newRecipient, openSealed, sealFor } from './sealed-part';
export type { Recipient } from './sealed-part';
export { projectOf } from './subject-orders.consumers';
export { ErasureJournal, SubjectParticipation } from './subject-participant';
export type { Appearance, ErasureOutcome, TaskSubject } from './subject-participant';
export { SubjectProcessing } from './subject-processing';
export type { SubjectTerms } from './subject-processing';
export { SubjectTasks } from './subject-tasks';
export type { SubjectTask } from './subject-tasks';
export type { SubjectTables } from './subject-tables';
export { SubjectWorker } from './subject-worker';
export { subjectProviders } from './subjects.providers';
