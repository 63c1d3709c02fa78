import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';

type Unit = UnitOfWork<GovernanceTables>;

/** What governance has published by itself, so that it says nothing twice. Abstract class = injection token. */
export abstract class PublishedPolicyRepository {
  /** Until the transaction ends no other process starts up. */
  abstract lockStart(unit: Unit): Promise<void>;
  /** The version under which content of this digest is to be published; null if it was published as it is. */
  abstract nextVersion(unit: Unit, kind: string, name: string, digest: string): Promise<number | null>;
  /** The number of a new heartbeat at `now`, unless one was given later than `notAfter`: then null. */
  abstract nextBeat(unit: Unit, now: number, notAfter: number): Promise<number | null>;
}
