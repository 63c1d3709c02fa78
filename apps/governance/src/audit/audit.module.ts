import { Module, type DynamicModule } from '@nestjs/common';
import { LogKey } from '@steward/audit-log';
import { readOrCreateSecret } from '../identity/key-file';
import { AppendEntries } from './append-entries';
import {
  GovernanceAuditEntryConsumer,
  InferenceAuditEntryConsumer,
  IngestionAuditEntryConsumer,
  MonitoringAuditEntryConsumer,
  TrainingAuditEntryConsumer,
} from './audit-entry.consumers';
import { AuditLogRepository, AuditNoteRepository } from './audit-log.repository';
import {
  GovernanceAuditNoteConsumer,
  InferenceAuditNoteConsumer,
  IngestionAuditNoteConsumer,
  MonitoringAuditNoteConsumer,
  TrainingAuditNoteConsumer,
} from './audit-note.consumers';
import { AskWitness } from './ask-witness';
import { AuditController } from './audit.controller';
import { AuditMetrics } from './audit.metrics';
import { CheckLog } from './check-log';
import { ExportExcerpt } from './export-excerpt';
import { ExportLog } from './export-log';
import { HttpWitnessClient } from './http-witness.client';
import { KeepLog } from './keep-log';
import { LogIntegrity } from './log-integrity';
import { LogIntegrityHealth } from './log-integrity.health';
import { PgAuditLogRepository, PgAuditNoteRepository } from './pg-audit-log.repository';
import { ProveEntry } from './prove-entry';
import { ReadTiles } from './read-tiles';
import { SearchEntries } from './search-entries';
import { SignHead } from './sign-head';
import { SignSchedule } from './sign-schedule';
import { TlogController } from './tlog.controller';
import { WitnessClient } from './witness.client';

/** Name of the audit log, the first line of its checkpoints. */
const LOG_NAME = 'steward/audit';

const CONSUMERS = [
  GovernanceAuditEntryConsumer,
  IngestionAuditEntryConsumer,
  TrainingAuditEntryConsumer,
  InferenceAuditEntryConsumer,
  MonitoringAuditEntryConsumer,
  GovernanceAuditNoteConsumer,
  IngestionAuditNoteConsumer,
  TrainingAuditNoteConsumer,
  InferenceAuditNoteConsumer,
  MonitoringAuditNoteConsumer,
];

/** The audit log: entries of all services in one signed Merkle log, and the notes beside it. */
@Module({})
export class AuditModule {
  /** `keysFolder`: where the log's signing key is kept, made at the first start. `witness`: its key and URL, if any. */
  static forRoot(keysFolder: string, witness?: string): DynamicModule {
    return {
      module: AuditModule,
      controllers: [AuditController, TlogController],
      providers: [
        { provide: LogKey, useFactory: () => logKey(keysFolder) },
        { provide: AuditLogRepository, useClass: PgAuditLogRepository },
        { provide: AuditNoteRepository, useClass: PgAuditNoteRepository },
        { provide: SignSchedule, useExisting: KeepLog },
        { provide: WitnessClient, useFactory: () => new HttpWitnessClient(witness) },
        AskWitness,
        LogIntegrity,
        LogIntegrityHealth,
        CheckLog,
        SignHead,
        KeepLog,
        AppendEntries,
        SearchEntries,
        ProveEntry,
        ExportLog,
        ExportExcerpt,
        ReadTiles,
        AuditMetrics,
        ...CONSUMERS,
      ],
      exports: [SearchEntries, AuditLogRepository, LogKey, SignHead, WitnessClient],
    };
  }
}

function logKey(folder: string): LogKey {
  const pem = readOrCreateSecret(folder, 'audit-log.pem', () => LogKey.generate(LOG_NAME).toPem());
  return LogKey.fromPem(LOG_NAME, pem);
}
