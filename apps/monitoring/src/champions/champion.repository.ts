import type { ModelDescriptor } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';

/** The served version of a model, and the reference of the one before it. */
export interface Champion {
  readonly project: string;
  readonly descriptor: ModelDescriptor;
  readonly previous: {
    readonly version: number;
    readonly digest: string;
    readonly referenceDigest: string;
  } | null;
}

export abstract class ChampionRepository {
  /** The champion, which does not change until the transaction ends. */
  abstract findAndHold(unit: UnitOfWork, project: string, model: string): Promise<Champion | null>;
  /** Replaces the champion unless a newer version stands there already; false then. */
  abstract replace(unit: UnitOfWork, champion: Champion): Promise<boolean>;
}
