import type { UnitOfWork } from '@steward/database';
import type { IngestionTables } from '../ingestion-tables';

/** What follows in the same transaction when a batch is settled, whether just now or by repair. */
export abstract class BatchSettlement {
  abstract settle(unit: UnitOfWork<IngestionTables>, batchId: string): Promise<void>;
}
