import { Module, type DynamicModule } from '@nestjs/common';
import { ArtifactsModule } from '@steward/artifacts';
import { DeltaModule } from '@steward/delta';
import { retentionProviders, subjectProviders } from '@steward/subjects';
import { BatchFiles } from './batches/batch-files';
import { BatchSettlement } from './batches/batch-settlement';
import { BatchTable } from './batches/batch-table';
import { BatchRepository } from './batches/batch.repository';
import { BatchesController } from './batches/batches.controller';
import { CheckCsv } from './batches/check-csv';
import { CommitBatch } from './batches/commit-batch';
import { CsvParseReader } from './batches/csv-parse-reader';
import { CleanCsvReader, TolerantCsvReader } from './batches/csv-reader';
import { DeleteOldQuarantine } from './batches/delete-old-quarantine';
import { DuckDbCsvReader } from './batches/duckdb-csv-reader';
import { IngestionRpc } from './batches/ingestion.rpc';
import { PgBatchRepository } from './batches/pg-batch.repository';
import { ReadBatches } from './batches/read-batches';
import { RecordVersion } from './batches/record-version';
import { RepairAtStart } from './batches/repair-at-start';
import { RepairVersions } from './batches/repair-versions';
import { UploadBatch } from './batches/upload-batch';
import { ContractRepository } from './contracts/contract.repository';
import { ContractsController } from './contracts/contracts.controller';
import { PgContractRepository } from './contracts/pg-contract.repository';
import { ReadContracts } from './contracts/read-contracts';
import { RegisterContract } from './contracts/register-contract';
import { ErasedRowsRepository } from './erasure/erased-rows.repository';
import { EraseDataset } from './erasure/erase-dataset';
import { EraseQuarantine } from './erasure/erase-quarantine';
import { GatherSubject } from './erasure/gather-subject';
import { IngestionSubjects } from './erasure/ingestion-subjects';
import { PgErasedRowsRepository } from './erasure/pg-erased-rows.repository';
import { ReadVersionContent } from './erasure/read-version-content';
import { RedigestVersions } from './erasure/redigest-versions';
import { VerificationController } from './erasure/verification.controller';
import { VerifyVersion } from './erasure/verify-version';
import { IngestionLimits } from './ingestion-limits';
import { IngestionMetrics } from './ingestion-metrics';
import { KeyFolder } from './keys/key-folder';
import { LocalKeyFolder } from './keys/local-key-folder';
import { BatchLabelledRows } from './labelled/batch-labelled-rows';
import { JoinTelemetry } from './labelled/join-telemetry';
import { ListPredictions } from './labelled/list-predictions';
import { LabelledSchedule } from './labelled/labelled-schedule';
import { OutcomeRecordedConsumer } from './labelled/outcome-recorded.consumer';
import {
  PgPredictionRowRepository,
  PgPredictionRowSettlement,
} from './labelled/pg-prediction-row.repository';
import { PredictionLoggedConsumer } from './labelled/prediction-logged.consumer';
import { PredictionRights } from './labelled/prediction-rights';
import { PredictionsController } from './labelled/predictions.controller';
import { ShowPredictionRow } from './labelled/show-prediction-row';
import { BreachScopedConsumer } from './breaches/breach-scoped.consumer';
import { ExposeBreach } from './breaches/expose-breach';
import { ExposedRowsRepository } from './breaches/exposed-rows.repository';
import { PgExposedRowsRepository } from './breaches/pg-exposed-rows.repository';
import { PredictionRowRepository } from './labelled/prediction-row.repository';
import { PgRectificationRepository } from './rectification/pg-rectification.repository';
import { RectificationRepository } from './rectification/rectification.repository';
import { RectificationsController } from './rectification/rectifications.controller';
import { RectifySubject } from './rectification/rectify-subject';
import { RetentionSchedule } from './retention-schedule';
import { EraseOldBatches } from './retention/erase-old-batches';
import { IngestionRetention } from './retention/ingestion-retention';
import { OldRowsRepository } from './retention/old-rows.repository';
import { PgOldRowsRepository } from './retention/pg-old-rows.repository';
import { FindSubject } from './subjects/find-subject';
import { PgSubjectRepository } from './subjects/pg-subject.repository';
import { ResolveSubjects } from './subjects/resolve-subjects';
import { SubjectRepository } from './subjects/subject.repository';
import { SubjectVault } from './subjects/subject-vault';
import { SubjectsController } from './subjects/subjects.controller';

/** Where ingestion keeps what is not in the database. */
export interface IngestionFolders {
  readonly artifacts: string;
  readonly keys: string;
}

/** Ingestion: contracts, batches and versions, subjects, and the join of predictions with outcomes. */
@Module({})
export class AppModule {
  static forRoot(limits: IngestionLimits, folders: IngestionFolders): DynamicModule {
    return {
      module: AppModule,
      imports: [ArtifactsModule.local(folders.artifacts), DeltaModule],
      controllers: [
        ContractsController,
        BatchesController,
        SubjectsController,
        RectificationsController,
        VerificationController,
        PredictionsController,
      ],
      providers: [
        { provide: IngestionLimits, useValue: limits },
        { provide: KeyFolder, useFactory: () => new LocalKeyFolder(folders.keys) },
        { provide: ContractRepository, useClass: PgContractRepository },
        { provide: BatchRepository, useClass: PgBatchRepository },
        { provide: SubjectRepository, useClass: PgSubjectRepository },
        { provide: PredictionRowRepository, useClass: PgPredictionRowRepository },
        { provide: BatchSettlement, useClass: PgPredictionRowSettlement },
        { provide: CleanCsvReader, useClass: DuckDbCsvReader },
        { provide: TolerantCsvReader, useClass: CsvParseReader },
        { provide: ErasedRowsRepository, useClass: PgErasedRowsRepository },
        { provide: RectificationRepository, useClass: PgRectificationRepository },
        ...subjectProviders(IngestionSubjects),
        { provide: OldRowsRepository, useClass: PgOldRowsRepository },
        ...retentionProviders(IngestionRetention),
        EraseOldBatches,
        RedigestVersions,
        EraseDataset,
        EraseQuarantine,
        GatherSubject,
        ReadVersionContent,
        VerifyVersion,
        RectifySubject,
        IngestionMetrics,
        RegisterContract,
        ReadContracts,
        SubjectVault,
        ResolveSubjects,
        FindSubject,
        BatchFiles,
        BatchTable,
        CheckCsv,
        RecordVersion,
        RepairVersions,
        RepairAtStart,
        CommitBatch,
        UploadBatch,
        ReadBatches,
        DeleteOldQuarantine,
        JoinTelemetry,
        PredictionRights,
        ListPredictions,
        ShowPredictionRow,
        BatchLabelledRows,
        LabelledSchedule,
        PredictionLoggedConsumer,
        OutcomeRecordedConsumer,
        { provide: ExposedRowsRepository, useClass: PgExposedRowsRepository },
        ExposeBreach,
        BreachScopedConsumer,
        RetentionSchedule,
        IngestionRpc,
      ],
    };
  }
}
