import type { ModuleMetadata } from '@nestjs/common';
import { ConsentRepository } from './consent.repository';
import { ConsentsController } from './consents.controller';
import { ContractRegisteredConsumer } from './contract-registered.consumer';
import { DatasetVersionCreatedConsumer } from './dataset-version-created.consumer';
import { KeepFacts } from './keep-facts';
import { ModelVersionRegisteredConsumer } from './model-version-registered.consumer';
import { PgConsentRepository } from './pg-consent.repository';
import { PgProcessingBooksRepository, PgProcessingFactRepository } from './pg-processing-books.repository';
import { ProcessingBooksRepository, ProcessingFactRepository } from './processing-books.repository';
import { PutEntry } from './put-entry';
import { RecordConsents } from './record-consents';
import { RecordsController } from './records.controller';
import { WriteRecord } from './write-record';

/** Records of processing and consents: the part of the application's module that is theirs. */
export const Records = {
  controllers: [RecordsController, ConsentsController],
  providers: [
    { provide: ProcessingBooksRepository, useClass: PgProcessingBooksRepository },
    { provide: ProcessingFactRepository, useClass: PgProcessingFactRepository },
    { provide: ConsentRepository, useClass: PgConsentRepository },
    PutEntry,
    WriteRecord,
    KeepFacts,
    RecordConsents,
    ContractRegisteredConsumer,
    DatasetVersionCreatedConsumer,
    ModelVersionRegisteredConsumer,
  ],
} satisfies ModuleMetadata;
