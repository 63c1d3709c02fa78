import { defineTopic, type TopicDefinition } from './event-definition';
import { Services, type ServiceName } from './services';

const domain = (
  owner: ServiceName,
  aggregate: string,
  rest: Partial<TopicDefinition> = {},
): TopicDefinition =>
  defineTopic({
    name: `steward.${owner}.${aggregate}.v1`,
    owner,
    partitions: 2,
    retentionDays: null,
    maySkip: true,
    kind: 'domain',
    ...rest,
  });

const TELEMETRY = { partitions: 4, retentionDays: 30, kind: 'telemetry' } as const;
const MAY_NOT_SKIP = { maySkip: false } as const;

/** The only list of topics. Dead letters of a topic go to `<name>.dlq`. */
export const Topics = {
  contract: domain('ingestion', 'contract'),
  datasetVersion: domain('ingestion', 'dataset-version'),
  pipeline: domain('training', 'pipeline'),
  run: domain('training', 'run'),
  modelVersion: domain('training', 'model-version'),
  alias: domain('training', 'alias', MAY_NOT_SKIP),
  approvalRequest: domain('training', 'approval-request', MAY_NOT_SKIP),
  approval: domain('governance', 'approval', MAY_NOT_SKIP),
  /** One partition: policy is applied in the order in which it was made. */
  policy: domain('governance', 'policy', { ...MAY_NOT_SKIP, partitions: 1 }),
  /** Requests of data subjects, and what they order: erasure, gathering, restriction. */
  subjectRequest: domain('governance', 'subject-request', MAY_NOT_SKIP),
  /** Decisions that inference holds for a person, with the subject's pseudonym and score. */
  decision: domain('inference', 'decision', { maySkip: false, retentionDays: 30 }),
  /** What people decided on them. */
  decisionReview: domain('governance', 'decision-review'),
  /** What may have been exposed in a breach is asked, and answered. */
  breach: domain('governance', 'breach', MAY_NOT_SKIP),
  breachExposure: domain('ingestion', 'breach-exposure', MAY_NOT_SKIP),
  /** What has outlived its time is counted and deleted by order; legal holds stop that. */
  retention: domain('governance', 'retention-order', MAY_NOT_SKIP),
  /** What data subjects agreed to, and took back. */
  consent: domain('governance', 'consent', MAY_NOT_SKIP),
  /** Emergency access: for people to be told, and for webhooks. */
  emergencyAccess: domain('governance', 'emergency-access'),
  /** What became of requests for retraining that end without a run. */
  retrainAnswer: domain('training', 'retrain-answer'),
  prediction: domain('inference', 'prediction', TELEMETRY),
  /** Same partition count as predictions, so that both of one prediction id join in one place. */
  outcome: domain('inference', 'outcome', TELEMETRY),
  deployment: domain('inference', 'deployment'),
  monitor: domain('monitoring', 'monitor'),
  window: domain('monitoring', 'window'),
  alert: domain('monitoring', 'alert'),
  retrain: domain('monitoring', 'retrain'),
  /** What monitoring, which joins outcomes and may read groups, counts for inference's canaries. */
  rollout: domain('monitoring', 'rollout'),
} as const;

const perService = (
  aggregate: string,
  rest: Partial<TopicDefinition>,
): Record<ServiceName, TopicDefinition> =>
  Object.fromEntries(Services.map((service) => [service, domain(service, aggregate, rest)])) as Record<
    ServiceName,
    TopicDefinition
  >;

/** Audit entries, one topic a service, one partition each: governance keeps each service's order. */
export const AuditTopics = perService('audit', { ...MAY_NOT_SKIP, partitions: 1 });

/** Free-text reasons and network addresses of audit entries; governance keeps them in a table that can be erased. */
export const AuditNoteTopics = perService('audit-note', { partitions: 1, retentionDays: 30 });

/** When API keys were last used, one topic a service: governance shows it. Nothing is lost if one is missed. */
export const CredentialUseTopics = perService('credential-use', { partitions: 1, retentionDays: 7 });

/** The services that hold data of data subjects, and answer what governance orders about them. */
export const SubjectParticipants = ['ingestion', 'training', 'inference', 'monitoring'] as const;
export type SubjectParticipant = (typeof SubjectParticipants)[number];

/** Their answers: erased, gathered, rectified. */
export const SubjectTopics = Object.fromEntries(
  SubjectParticipants.map((service) => [service, domain(service, 'subject', MAY_NOT_SKIP)]),
) as Record<SubjectParticipant, TopicDefinition>;

/** The services that delete by age what governance orders; itself among them. */
export const RetentionParticipants = ['ingestion', 'monitoring', 'governance'] as const;
export type RetentionParticipant = (typeof RetentionParticipants)[number];

/** Their answers: counted, deleted. */
export const RetentionTopics = Object.fromEntries(
  RetentionParticipants.map((service) => [service, domain(service, 'retention', MAY_NOT_SKIP)]),
) as Record<RetentionParticipant, TopicDefinition>;

export const allTopics: readonly TopicDefinition[] = [
  ...Object.values(Topics),
  ...Object.values(SubjectTopics),
  ...Object.values(RetentionTopics),
  ...Object.values(AuditTopics),
  ...Object.values(AuditNoteTopics),
  ...Object.values(CredentialUseTopics),
];
