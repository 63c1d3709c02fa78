import { errors, type AppError } from '@steward/kernel';

/** From becoming aware of it to the notification of the authority (GDPR Art. 33(1)). */
export const NOTIFY_WITHIN_MS = 72 * 3_600_000;

/** What may have been exposed. Times are ISO 8601; `to` is the first moment outside. */
export interface BreachScope {
  readonly from: string;
  readonly to: string;
  /** Accounts in wrong hands, those of the keys included; empty: any. */
  readonly principals: readonly string[];
  /** API keys in wrong hands. */
  readonly keys: readonly string[];
  readonly dataset: string | null;
}

/** What ingestion found. */
export interface BreachExposure {
  readonly predictionRows: number;
  readonly datasetRows: number;
  readonly subjects: number;
  /** Artifact: JSON list of pseudonyms. */
  readonly subjectsDigest: string;
}

export interface Breach {
  readonly id: string;
  readonly project: string;
  /** Null: erased. */
  readonly summary: string | null;
  readonly scope: BreachScope;
  readonly awareAt: string;
  readonly openedBy: string;
  readonly openedAt: string;
  /** Null: ingestion has not answered yet. */
  readonly exposure: BreachExposure | null;
  readonly state: 'open' | 'notified' | 'not_notifiable';
  readonly endedBy: string | null;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly correlation: string;
}

/** What the audit log has of the accounts in the time: actions, and the subjects that entries name. */
export interface AuditedExposure {
  readonly actions: readonly { readonly action: string; readonly service: string; readonly times: number }[];
  readonly subjects: readonly string[];
}

/** Until when the authority is to be notified, and how much of that is left (negative: overdue). */
export function clockOf(
  { awareAt, endedAt }: Breach,
  now: number,
): { dueAt: string; hoursLeft: number | null } {
  const due = Date.parse(awareAt) + NOTIFY_WITHIN_MS;
  return {
    dueAt: new Date(due).toISOString(),
    hoursLeft: endedAt === null ? Math.round((due - now) / 360_000) / 10 : null,
  };
}

export function breachNotFound(id: string): AppError {
  return errors.notFound('GOVERNANCE.BREACH_NOT_FOUND', 'There is no such breach here.', { details: { id } });
}
