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
 * and gathers. `erasesOn` and `gathersOn`: the consumers that order it, where it is not the request itself (training and
 * inference wait for what ingestion found). The service needs ArtifactsModule and the tables of its migration `*_subjects.sql`.
 */
export function subjectProviders(
  participation: Type<SubjectParticipation>,
  {
    erasesOn = ErasureRequestedConsumer,
    gathersOn = SubjectDataRequestedConsumer,
  }: { readonly erasesOn?: Type; readonly gathersOn?: Type } = {},
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
    SubjectDataCollectedConsumer,
    erasesOn,
    gathersOn,
  ];
}
