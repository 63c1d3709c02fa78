import type { ColumnType } from 'kysely';
import type { ApprovalTables } from './approvals/approval-tables';
import type { RecordTables } from './records/record-tables';
import type { EvidenceTables } from './evidence/evidence-tables';
import type { HeldDecisionTables } from './held-decisions/held-decision-tables';
import type { BreachTables } from './breaches/breach-tables';
import type { EmergencyTables } from './break-glass/emergency-tables';
import type { NotificationTables } from './notifications/notification-tables';
import type { RetentionBooksTables } from './retention/retention-books-tables';
import type { ReportTables } from './reports/report-tables';
import type { IdentityTables } from './identity/identity-tables';

/** Written as ISO 8601 text; pg reads it as a Date. */
type Time = ColumnType<Date, string, string>;

/** The schema `governance` (migrations/), as Kysely sees it. */
export interface GovernanceTables
  extends
    ApprovalTables,
    EmergencyTables,
    HeldDecisionTables,
    BreachTables,
    EvidenceTables,
    ReportTables,
    NotificationTables,
    RecordTables,
    RetentionBooksTables,
    IdentityTables {
  audit_entries: {
    index: number;
    entry_id: string;
    content: Buffer;
    leaf: Buffer;
    service: string;
    project: string | null;
    action: string;
    actor: string;
    object_kind: string;
    object_id: string;
    correlation: string;
    time: Time;
  };
  audit_nodes: { level: number; index: number; hash: Buffer };
  audit_checkpoints: { size: number; root: Buffer; time: Time; note: string };
  audit_tree: { only_row: boolean; size: number; peaks: Buffer[] };
  audit_notes: { entry_id: string; salt: string; reason: string | null; address: string | null };
}
