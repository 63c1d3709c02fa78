import type { UnitOfWork } from '@steward/database';
import type { TrainingTables } from '../training-tables';
import type { Alias, AliasMove, ApprovalRequestCopy, ModelVersion } from './model-version';

type Unit = UnitOfWork<TrainingTables>;

/** A model with the newest of its versions. */
export interface ModelSummary {
  readonly model: string;
  readonly versions: number;
  readonly newest: ModelVersion;
  readonly aliases: readonly Alias[];
}

export abstract class ModelRepository {
  abstract list(project: string, page: { limit: number; after: string | null }): Promise<ModelSummary[]>;
  /** Newest first; `before` is the version number of the last of the page before. */
  abstract versions(
    project: string,
    model: string,
    page: { limit: number; before: number | null },
  ): Promise<ModelVersion[]>;
  abstract find(project: string, model: string, version: number): Promise<ModelVersion | null>;
  /** Throws TRAINING.MODEL_NOT_FOUND. Give the unit of work inside one: a second connection might not be free. */
  abstract require(project: string, model: string, version: number, unit?: Unit): Promise<ModelVersion>;
  abstract findByRun(unit: Unit, runId: string): Promise<ModelVersion | null>;
  /** The next version number of a model, which stays locked until the transaction ends. */
  abstract nextVersion(unit: Unit, project: string, model: string): Promise<number>;
  abstract add(unit: Unit, version: ModelVersion): Promise<void>;
}

export abstract class AliasRepository {
  abstract current(project: string, model: string): Promise<Alias[]>;
  abstract find(project: string, model: string, alias: string): Promise<Alias | null>;
  /** Oldest first. */
  abstract history(project: string, model: string): Promise<AliasMove[]>;
  /** Where the alias points, locked until the transaction ends, also if it points nowhere yet. */
  abstract lock(unit: Unit, project: string, model: string, alias: string): Promise<Alias | null>;
  /** Points the alias to another version and writes its history; the caller holds the lock. */
  abstract move(unit: Unit, project: string, model: string, move: AliasMove): Promise<void>;
}

export abstract class ApprovalRequestRepository {
  abstract add(unit: Unit, request: ApprovalRequestCopy): Promise<void>;
  abstract lock(unit: Unit, requestId: string): Promise<ApprovalRequestCopy | null>;
  /** The open request of a version for an alias, locked until the transaction ends. */
  abstract lockOpen(
    unit: Unit,
    of: { project: string; model: string; version: number; alias: string },
  ): Promise<ApprovalRequestCopy | null>;
  abstract close(
    unit: Unit,
    requestId: string,
    to: Pick<ApprovalRequestCopy, 'state' | 'voidCode' | 'decidedAt'>,
  ): Promise<void>;
}
