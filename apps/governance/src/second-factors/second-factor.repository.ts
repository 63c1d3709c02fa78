import type { UnitOfWork } from '@steward/database';
import type { GovernanceTables } from '../governance-tables';

type Unit = UnitOfWork<GovernanceTables>;

/** A person's second factor. `secret` is base32, as it was made. */
export interface SecondFactor {
  readonly secret: string;
  readonly confirmed: boolean;
  /** The newest time step whose code was taken. */
  readonly lastStep: number;
}

/** Second factors and recovery codes. Abstract class = injection token. */
export abstract class SecondFactorRepository {
  abstract find(principalId: string, unit?: Unit): Promise<SecondFactor | null>;
  /** Begins an enrolment; one that was begun before and not confirmed is replaced, a confirmed one never. */
  abstract begin(unit: Unit, principalId: string, secret: string, at: string): Promise<void>;
  abstract confirm(
    unit: Unit,
    principalId: string,
    at: string,
    recoveryDigests: readonly string[],
  ): Promise<void>;
  /** Takes a step's code; false if it, or a newer one, was taken already, also by somebody at the same moment. */
  abstract takeStep(unit: Unit, principalId: string, step: number): Promise<boolean>;
  /** Takes a recovery code; false if there is none that is unused. */
  abstract takeRecoveryCode(unit: Unit, principalId: string, digest: string, at: string): Promise<boolean>;
  /** False if there was none. */
  abstract remove(unit: Unit, principalId: string): Promise<boolean>;
}
