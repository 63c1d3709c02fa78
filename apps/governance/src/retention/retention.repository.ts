import type { RetentionClass, RetentionMode } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';
import type { RetentionPolicyVersion } from './retention-policy';
import type { RetentionRun, RetentionStep } from './retention-run';

type Unit = UnitOfWork<GovernanceTables>;

/** A legal hold: what may not be deleted by age, why, and until when. */
export interface LegalHold {
  readonly id: string;
  readonly project: string;
  readonly dataset: string | null;
  readonly class: RetentionClass | null;
  readonly reason: string;
  readonly until: string | null;
  readonly placedBy: string;
  readonly placedAt: string;
  readonly liftedBy: string | null;
  readonly liftedAt: string | null;
  readonly liftReason: string | null;
}

/** How long data are kept, and what may not go. Abstract class = injection token. */
export abstract class RetentionPolicyRepository {
  /** Held until the transaction ends: policy, holds and runs of a project change one after the other. */
  abstract lock(unit: Unit, project: string): Promise<void>;
  /** Version 0 where nobody has made one. */
  abstract policy(project: string, unit?: Unit): Promise<RetentionPolicyVersion>;
  abstract addPolicy(
    unit: Unit,
    version: RetentionPolicyVersion & { readonly changedBy: string; readonly changedAt: string },
  ): Promise<void>;
  abstract addHold(unit: Unit, hold: LegalHold): Promise<void>;
  abstract hold(unit: Unit, project: string, id: string): Promise<LegalHold | null>;
  abstract liftHold(
    unit: Unit,
    id: string,
    lifted: { readonly by: string; readonly at: string; readonly reason: string },
  ): Promise<void>;
  /** `at`: only those in force then. Newest first. */
  abstract holds(project: string, at: string | null, unit?: Unit): Promise<LegalHold[]>;
  /** Every project that somebody said a word on retention for. */
  abstract projects(): Promise<string[]>;
}

/** Runs and what services answered. Abstract class = injection token. */
export abstract class RetentionRunRepository {
  /** False where one of this kind is open already. */
  abstract add(unit: Unit, run: RetentionRun): Promise<boolean>;
  abstract find(project: string, id: string): Promise<RetentionRun | null>;
  /** Held until the transaction ends. */
  abstract lock(unit: Unit, id: string): Promise<RetentionRun | null>;
  abstract change(unit: Unit, id: string, to: Partial<RetentionRun>): Promise<void>;
  /** Newest first; `after` is the id of the last one seen. */
  abstract list(project: string, page: { limit: number; after: string | null }): Promise<RetentionRun[]>;
  /** Counted, and not confirmed yet. */
  abstract waiting(): Promise<RetentionRun[]>;
  /** Runs of which every service has answered what they wait for. */
  abstract answered(): Promise<RetentionRun[]>;
  /** The newest run that the schedule opened, or null. */
  abstract lastScheduled(project: string, unattended: boolean, unit?: Unit): Promise<RetentionRun | null>;
  abstract addSteps(unit: Unit, id: string, mode: RetentionMode, services: readonly string[]): Promise<void>;
  /** False if it was answered already, or never asked. */
  abstract finishStep(
    unit: Unit,
    id: string,
    step: RetentionStep & { readonly reportDigest: string },
  ): Promise<boolean>;
  abstract steps(id: string): Promise<RetentionStep[]>;
}
