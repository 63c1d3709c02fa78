import type { UnitOfWork } from '@steward/database';

export type HeldState = 'pending' | 'confirmed' | 'overridden' | 'contested';

/** A row whose decision a person makes. */
export interface HeldRow {
  readonly project: string;
  readonly predictionId: string;
  readonly row: number;
  readonly model: string;
  readonly state: HeldState;
  /** ISO 8601. */
  readonly heldAt: string;
}

/** Rows of a window, by sensitive attribute and its value: how many a person decides, and how that ended. */
export interface HeldByGroup {
  readonly attribute: string;
  readonly value: string;
  readonly rows: number;
  readonly held: number;
  readonly confirmed: number;
  readonly overridden: number;
}

/** Held decisions as monitoring counts them. Abstract class = injection token. */
export abstract class HeldDecisionRepository {
  /** Told twice, or after its review: what is known stands. */
  abstract hold(unit: UnitOfWork, rows: readonly HeldRow[]): Promise<void>;
  /** Also where the review comes before the row was told of. */
  abstract review(unit: UnitOfWork, row: HeldRow): Promise<void>;
  abstract byGroup(project: string, windowId: string): Promise<HeldByGroup[]>;
  abstract deleteBefore(time: Date): Promise<void>;
}
