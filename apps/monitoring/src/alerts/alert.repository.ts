import type { UnitOfWork } from '@steward/database';
import type { AlertKind } from '../windows/judge-window';

export interface Alert {
  readonly id: string;
  readonly project: string;
  readonly monitor: string;
  readonly kind: AlertKind;
  readonly model: string;
  readonly modelVersion: number;
  /** The window that raised it, and the last that alarmed again. */
  readonly windowId: string;
  readonly lastWindowId: string;
  readonly columns: readonly string[];
  readonly state: 'open' | 'resolved';
  readonly raisedAt: string;
  readonly resolvedAt: string | null;
  readonly resolvedWindowId: string | null;
  readonly acknowledgedBy: string | null;
  readonly correlation: string;
}

export abstract class AlertRepository {
  /** The open alert of a monitor and kind, locked. */
  abstract openOf(unit: UnitOfWork, project: string, monitor: string, kind: AlertKind): Promise<Alert | null>;
  abstract raise(
    unit: UnitOfWork,
    alert: Omit<Alert, 'state' | 'raisedAt' | 'resolvedAt' | 'resolvedWindowId' | 'acknowledgedBy'>,
  ): Promise<void>;
  abstract repeat(unit: UnitOfWork, id: string, windowId: string, columns: readonly string[]): Promise<void>;
  abstract resolve(unit: UnitOfWork, id: string, windowId: string): Promise<void>;
  /** Locks the alert. */
  abstract findForChange(unit: UnitOfWork, project: string, id: string): Promise<Alert | null>;
  abstract acknowledge(unit: UnitOfWork, id: string, person: string): Promise<void>;
  abstract list(
    project: string,
    page: { state?: 'open' | 'resolved'; before?: string; limit: number },
  ): Promise<Alert[]>;
  abstract countOpen(): Promise<{ project: string; monitor: string; kind: AlertKind }[]>;
  /** When the model's last request for retraining was made, and whether it is still open. */
  abstract lastRetrainRequest(
    unit: UnitOfWork,
    project: string,
    model: string,
  ): Promise<{ open: boolean; at: Date } | null>;
  /** False: another transaction has asked for this model. */
  abstract requestRetraining(
    unit: UnitOfWork,
    request: { id: string; project: string; model: string; alertId: string; windowId: string },
  ): Promise<boolean>;
  abstract closeRetrainRequests(
    unit: UnitOfWork,
    project: string,
    model: string,
    state: 'answered' | 'failed',
  ): Promise<void>;
  /**
   * Keeps what is known of an approval of a retraining. Returns the request for retraining once both are known: that the
   * approval is about it, and that it ended without moving the alias.
   */
  abstract noteApproval(
    unit: UnitOfWork,
    requestId: string,
    known: { retrainId: string } | { ended: true },
  ): Promise<string | null>;
  /** Forgets ended approvals from before `before` that no retraining asked for. */
  abstract pruneApprovals(before: Date): Promise<void>;
  abstract closeRetrainRequest(unit: UnitOfWork, id: string, state: 'answered' | 'failed'): Promise<void>;
}
