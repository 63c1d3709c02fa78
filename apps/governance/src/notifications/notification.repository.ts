import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { DeliveryState, MatterKind, Notification, OpenMatter } from './notification';

type Unit = UnitOfWork<GovernanceTables>;

export interface NotificationPage {
  readonly project: string;
  readonly state: DeliveryState | null;
  readonly kind: MatterKind | null;
  /** True: only what waits for people still. */
  readonly open: boolean;
  readonly limit: number;
  readonly after: string | null;
}

/** What of all projects waits for people. Abstract class = injection token. */
export abstract class OpenMatters {
  /** As of `now`, ISO 8601. */
  abstract all(now: string): Promise<OpenMatter[]>;
}

/** The outbox of notifications. Abstract class = injection token. */
export abstract class NotificationRepository {
  /** Adds what was not told before, in this state, and settles what is not open any more. */
  abstract follow(
    unit: Unit,
    matters: readonly OpenMatter[],
    state: DeliveryState,
    now: string,
  ): Promise<void>;
  /** Takes some whose time has come, so that nobody else delivers them before `leaseUntil`. */
  abstract claim(now: string, leaseUntil: string, most: number): Promise<Notification[]>;
  abstract delivered(id: string, at: string): Promise<void>;
  /** `nextAt` null: it is dead. */
  abstract refused(unit: Unit, id: string, fault: string, nextAt: string | null): Promise<void>;
  abstract find(project: string, id: string): Promise<Notification | null>;
  /** False unless it is dead. */
  abstract revive(unit: Unit, id: string, now: string): Promise<boolean>;
  /** Newest first. */
  abstract list(page: NotificationPage): Promise<Notification[]>;
  abstract counts(): Promise<{ readonly state: DeliveryState; readonly notifications: number }[]>;
  abstract deleteSettledBefore(moment: string): Promise<void>;
}
