import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { IssuedReport } from './issued-report';
import type { ReportKind } from './report';

/** Reports that were issued. Abstract class = injection token. */
export abstract class ReportRepository {
  abstract add(unit: UnitOfWork<GovernanceTables>, report: IssuedReport): Promise<void>;
  abstract find(id: string): Promise<IssuedReport | null>;
  /** Newest first; `project` null: of the whole installation, undefined: all. `before`: older than this id. */
  abstract list(page: {
    readonly project: string | null | undefined;
    readonly kind?: ReportKind | undefined;
    readonly before: string | null;
    readonly limit: number;
  }): Promise<IssuedReport[]>;
}
