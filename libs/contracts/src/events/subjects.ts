import { z } from 'zod';
import { defineEvent } from '../event-definition';
import { field } from '../field';
import { SubjectParticipants, SubjectTopics, Topics, type SubjectParticipant } from '../topics';

/** What a data subject may ask for: articles 15, 20, 16, 18, 21 and 17 of the GDPR. */
export const SubjectRequestKinds = [
  'access',
  'portability',
  'rectification',
  'restriction',
  'objection',
  'erasure',
] as const;
export type SubjectRequestKind = (typeof SubjectRequestKinds)[number];

/** On what ground a request may be refused (GDPR 11(2), 12(5), 17(3), 18(2), 20(3), 21(1)). */
export const RefusalGrounds = [
  'subject-not-identified',
  'manifestly-unfounded',
  'excessive',
  'legal-obligation',
  'legal-claims',
  'public-interest',
  'compelling-grounds',
  'rights-of-others',
] as const;
export type RefusalGround = (typeof RefusalGrounds)[number];

export const SubjectRequestStates = ['received', 'in_progress', 'fulfilled', 'refused', 'withdrawn'] as const;
export type SubjectRequestState = (typeof SubjectRequestStates)[number];

/** A request of a data subject moved to a state, or its clock was extended. Key: `<project>/<pseudonym>`. */
export const SubjectRequestChanged = defineEvent(
  'subject-request.changed',
  Topics.subjectRequest,
  z.object({
    requestId: field.id(),
    pseudonym: field.pseudonym(),
    kind: field.oneOf(SubjectRequestKinds),
    state: field.oneOf(SubjectRequestStates),
    dueAt: field.time(),
    /** Why it was refused. */
    ground: field.code().nullable(),
  }),
);

/** Everything that is held on the subject is to be destroyed. Key: `<project>/<pseudonym>`. */
export const ErasureRequested = defineEvent(
  'erasure.requested',
  Topics.subjectRequest,
  z.object({ requestId: field.id(), pseudonym: field.pseudonym() }),
);

/** Everything that is held on the subject is to be gathered, sealed for the owner of the key. Key: as above. */
export const SubjectDataRequested = defineEvent(
  'subject-data.requested',
  Topics.subjectRequest,
  z.object({
    requestId: field.id(),
    pseudonym: field.pseudonym(),
    /** X25519, base64 of the 32 bytes. */
    recipientKey: field.publicKey(),
  }),
);

/** A gathering is over: what services sealed for it may be deleted. Key: as above. */
export const SubjectDataCollected = defineEvent(
  'subject-data.collected',
  Topics.subjectRequest,
  z.object({ requestId: field.id(), pseudonym: field.pseudonym() }),
);

/** What may be done with the subject's data from now on, whole. Key: as above. */
export const SubjectProcessingChanged = defineEvent(
  'subject-processing.changed',
  Topics.subjectRequest,
  z.object({
    pseudonym: field.pseudonym(),
    /** False: left out of training sets. */
    training: field.flag(),
    /** `person`: an automated decision is refused, and a person decides. */
    inference: field.oneOf(['allowed', 'person', 'refused']),
    /** `restriction`, `objection`, `consent-withdrawn`; empty where everything is allowed. */
    because: z.array(field.code()),
  }),
);

const each = <Made>(make: (service: SubjectParticipant) => Made): Record<SubjectParticipant, Made> =>
  Object.fromEntries(SubjectParticipants.map((service) => [service, make(service)])) as Record<
    SubjectParticipant,
    Made
  >;

/** A service destroyed its part. What, where and with which digests stands in the report. Key: as above. */
export const SubjectErased = each((service) =>
  defineEvent(
    'subject.erased',
    SubjectTopics[service],
    z.object({
      requestId: field.id(),
      pseudonym: field.pseudonym(),
      /** Artifact: JSON of the ErasureReport (libs/subjects). No personal data. */
      reportDigest: field.digest(),
      destroyed: field.count(),
      remaining: field.count(),
      /** Ingestion: datasets that held rows of the subject, from which version on. */
      appearances: z.array(z.object({ dataset: field.name(), firstVersion: field.count() })),
      /** Training: how many model versions had been trained on those. */
      models: field.count(),
    }),
  ),
);

/** Decisions that an answer names to be explained, the newest: on Kafka each takes seconds to be found. */
export const MOST_EXPLAINED_DECISIONS = 100;

/** A service sealed what it holds on the subject. Key: as above. */
export const SubjectDataGathered = each((service) =>
  defineEvent(
    'subject-data.gathered',
    SubjectTopics[service],
    z.object({
      requestId: field.id(),
      pseudonym: field.pseudonym(),
      /** Where the sealed part lies in the object store. */
      path: field.path(),
      digest: field.digest(),
      items: field.count(),
      /** The key of the order: who explains decisions seals for it too. */
      recipientKey: field.publicKey().optional(),
      /** `<prediction id>/<row>` of decisions that were found, newest first; inference explains them. */
      decisions: z.array(field.id()).max(MOST_EXPLAINED_DECISIONS).optional(),
      /** Older ones that are not named. */
      moreDecisions: field.count().optional(),
    }),
  ),
);

/** Rows of a subject were corrected: a new dataset version holds them. Key: as above. */
export const SubjectRectified = defineEvent(
  'subject.rectified',
  SubjectTopics.ingestion,
  z.object({
    requestId: field.id(),
    pseudonym: field.pseudonym(),
    dataset: field.name(),
    /** The first version that held the uncorrected rows, and the one that holds the corrected ones. */
    firstVersion: field.count(),
    version: field.count(),
    digest: field.digest(),
    rows: field.count(),
  }),
);

/** Model versions that were trained on data which has since been erased or corrected. Key: as above. */
export const SubjectModelsFlagged = defineEvent(
  'subject-models.flagged',
  SubjectTopics.training,
  z.object({
    requestId: field.id(),
    pseudonym: field.pseudonym(),
    because: field.oneOf(['erasure', 'rectification']),
    /** Artifact: JSON list of the model versions. */
    listDigest: field.digest(),
    models: field.count(),
  }),
);
