import type { Provider, Type } from '@nestjs/common';
import { DoSubjectTask } from './do-subject-task';
import { ErasureList } from './erasure-list';
import { RestoreErasures } from './restore-erasures';
import {
  ErasureRequestedConsumer,
  SubjectDataCollectedConsumer,
  SubjectDataRequestedConsumer,
} from './subject-orders.consumers';
import { SubjectParticipation } from './subject-participant';
import { SubjectProcessing, SubjectProcessingChangedConsumer } from './subject-processing';
import { SubjectTasks } from './subject-tasks';
import { SubjectWorker } from './subject-worker';

/**
 * What a service lists among its providers to take part in the rights of data subjects. `participation`: what it erases
 * and gathers. `erasesOn`: the consumer that orders erasures, where it is not the request itself (training waits for
 * what ingestion found). The service needs ArtifactsModule and the tables of its migration `*_subjects.sql`.
 */
export function subjectProviders(
  participation: Type<SubjectParticipation>,
  erasesOn: Type = ErasureRequestedConsumer,
): Provider[] {
  return [
    { provide: SubjectParticipation, useClass: participation },
    SubjectTasks,
    ErasureList,
    RestoreErasures,
    DoSubjectTask,
    SubjectWorker,
    SubjectProcessing,
    SubjectProcessingChangedConsumer,
    SubjectDataRequestedConsumer,
    SubjectDataCollectedConsumer,
    erasesOn,
  ];
}
