import type { ModuleMetadata } from '@nestjs/common';
import { subjectProviders } from '@steward/subjects';
import { ModelFlagRepository } from './model-flag.repository';
import { ModelFlagsController } from './model-flags.controller';
import { PgModelFlagRepository } from './pg-model-flag.repository';
import { SubjectErasedConsumer } from './subject-erased.consumer';
import { SubjectRectifiedConsumer } from './subject-rectified.consumer';
import { TrainingSubjects } from './training-subjects';

/** Data subjects: the part of the application's module that is its own. */
export const Subjects = {
  controllers: [ModelFlagsController],
  providers: [
    { provide: ModelFlagRepository, useClass: PgModelFlagRepository },
    ...subjectProviders(TrainingSubjects, { erasesOn: SubjectErasedConsumer }),
    SubjectRectifiedConsumer,
  ],
} satisfies ModuleMetadata;
