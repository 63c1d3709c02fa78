import type { Provider, Type } from '@nestjs/common';
import { DoRetentionTask } from './do-retention-task';
import { RetentionHoldChangedConsumer, RetentionOrderedConsumer } from './retention-orders.consumers';
import { RetentionParticipation } from './retention-participant';
import { RetentionTasks } from './retention-tasks';
import { RetentionWorker } from './retention-worker';

/**
 * What a service lists among its providers to delete by age what governance orders. `participation`: what it keeps and
 * how it goes. The service needs ArtifactsModule and the tables of its migration `*_retention.sql`.
 */
export function retentionProviders(participation: Type<RetentionParticipation>): Provider[] {
  return [
    { provide: RetentionParticipation, useClass: participation },
    RetentionTasks,
    DoRetentionTask,
    RetentionWorker,
    RetentionOrderedConsumer,
    RetentionHoldChangedConsumer,
  ];
}
