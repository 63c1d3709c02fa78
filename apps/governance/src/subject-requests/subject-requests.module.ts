import type { ModuleMetadata } from '@nestjs/common';
import { AssignSubjectRequest } from './assign-subject-request';
import { ConsentChangedConsumer } from './consent-changed.consumer';
import { EndSubjectRequest } from './end-subject-request';
import { ExpireArchives } from './expire-archives';
import { ExtendSubjectRequest } from './extend-subject-request';
import { FileGatheringKey } from './file-gathering.key';
import { FinishErasure } from './finish-erasure';
import { FinishGathering } from './finish-gathering';
import { FinishRectification } from './finish-rectification';
import { FinishSchedule } from './finish-schedule';
import { FinishSubjectRequests } from './finish-subject-requests';
import { GatheringKey } from './gathering-key';
import { HandOut } from './hand-out';
import { LiftSubjectTerm } from './lift-subject-term';
import { MoveSubjectRequest } from './move-subject-request';
import { NoteSubjectRequest } from './note-subject-request';
import { OpenSubjectRequest } from './open-subject-request';
import { OwnSubjectData } from './own-subject-data';
import { PgOwnSubjectData } from './pg-own-subject-data';
import { PgSubjectRequestRepository } from './pg-subject-request.repository';
import { PgSubjectArchiveRepository, PgSubjectTermsRepository } from './pg-subject-terms.repository';
import { ReadSubjectRequests } from './read-subject-requests';
import { RunSubjectRequest } from './run-subject-request';
import { SetSubjectTerm } from './set-subject-term';
import {
  IngestionErasedConsumer,
  IngestionGatheredConsumer,
  InferenceErasedConsumer,
  InferenceGatheredConsumer,
  MonitoringErasedConsumer,
  MonitoringGatheredConsumer,
  SubjectModelsFlaggedConsumer,
  SubjectRectifiedConsumer,
  TrainingErasedConsumer,
  TrainingGatheredConsumer,
} from './subject-answers.consumers';
import { SubjectRequestMetrics } from './subject-request.metrics';
import {
  SubjectArchiveRepository,
  SubjectRequestRepository,
  SubjectTermsRepository,
} from './subject-request.repository';
import { SubjectRequestsController, SubjectTermsController } from './subject-requests.controller';
import { TakeSubjectAnswer } from './take-subject-answer';

/** Requests of data subjects: the part of the application's module that is its own. `keysFolder`: where its key lies. */
export const subjectRequests = (keysFolder: string) =>
  ({
    controllers: [SubjectRequestsController, SubjectTermsController],
    providers: [
      { provide: GatheringKey, useFactory: () => new FileGatheringKey(keysFolder) },
      { provide: SubjectRequestRepository, useClass: PgSubjectRequestRepository },
      { provide: SubjectTermsRepository, useClass: PgSubjectTermsRepository },
      { provide: SubjectArchiveRepository, useClass: PgSubjectArchiveRepository },
      { provide: OwnSubjectData, useClass: PgOwnSubjectData },
      MoveSubjectRequest,
      OpenSubjectRequest,
      AssignSubjectRequest,
      NoteSubjectRequest,
      ExtendSubjectRequest,
      EndSubjectRequest,
      SetSubjectTerm,
      LiftSubjectTerm,
      RunSubjectRequest,
      ReadSubjectRequests,
      TakeSubjectAnswer,
      FinishErasure,
      FinishGathering,
      FinishRectification,
      ExpireArchives,
      FinishSubjectRequests,
      { provide: FinishSchedule, useExisting: FinishSubjectRequests },
      HandOut,
      SubjectRequestMetrics,
      IngestionErasedConsumer,
      TrainingErasedConsumer,
      InferenceErasedConsumer,
      MonitoringErasedConsumer,
      IngestionGatheredConsumer,
      TrainingGatheredConsumer,
      InferenceGatheredConsumer,
      MonitoringGatheredConsumer,
      SubjectRectifiedConsumer,
      SubjectModelsFlaggedConsumer,
      ConsentChangedConsumer,
    ],
  }) satisfies ModuleMetadata;
