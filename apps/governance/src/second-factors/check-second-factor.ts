import { Injectable } from '@nestjs/common';
import { AuditTrail, type Caller } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, errors, sha256 } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import type { Identity } from '../identity/principal';
import { RoleRepository } from '../roles/role.repository';
import { SecondFactorRepository } from './second-factor.repository';
import { matchingStep, newRecoveryCodes, newTotpSecret, otpauthUri, plainRecoveryCode } from './totp';

type Unit = UnitOfWork<GovernanceTables>;

/** What a person shows beside the password. */
export interface SecondProof {
  readonly totp?: string | undefined;
  readonly recoveryCode?: string | undefined;
}

/** How the second factor was proven; the recovery codes only where this confirmed it. */
export interface SecondFactorResult {
  readonly factor: 'none' | 'totp' | 'recovery-code';
  readonly recoveryCodes?: readonly string[];
}

/** Proves a person's second factor at a login, and sets one up: by choice, or at the login of a role that needs it. */
@Injectable()
export class CheckSecondFactor {
  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly factors: SecondFactorRepository,
    private readonly roles: RoleRepository,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * Throws `GOVERNANCE.TOTP_REQUIRED`, `TOTP_WRONG` (unauthenticated) or `TOTP_ENROLMENT_REQUIRED` (forbidden, with
   * what an authenticator app needs). A code that was taken is spent, whatever becomes of the login.
   */
  async check(caller: Caller, identity: Identity, proof: SecondProof): Promise<SecondFactorResult> {
    const factor = await this.factors.find(identity.id);
    if (factor?.confirmed) return this.prove(caller, identity.id, proof);
    const needing = await this.roles.requiringTotp();
    if (!identity.roles.some(({ role }) => needing.has(role))) return { factor: 'none' };
    if (proof.totp === undefined || factor === null) throw await this.enrolmentRequired(identity);
    const recoveryCodes = await this.confirm(callerOf(caller, identity.id), proof.totp);
    return { factor: 'totp', recoveryCodes };
  }

  /** Begins an enrolment of one's own; an unconfirmed one is replaced. */
  async begin(identity: Identity): Promise<{ otpauthUri: string; secret: string }> {
    const { id, name } = identity;
    if ((await this.factors.find(id))?.confirmed)
      throw errors.conflict(
        'GOVERNANCE.TOTP_EXISTS',
        'There is a second factor already. Remove it before you set up another.',
      );
    const secret = newTotpSecret();
    await this.database.transaction((unit) => this.factors.begin(unit, id, secret, this.clock.iso()));
    return { otpauthUri: otpauthUri(secret, name), secret };
  }

  /** Confirms the enrolment of the caller by a code of it. The recovery codes are shown here and never again. */
  async confirm(caller: Caller, code: string): Promise<string[]> {
    const { id } = caller.principal;
    const codes = newRecoveryCodes();
    const digests = codes.map((each) => recoveryDigest(id, each));
    const done = await this.database.transaction(async (unit) => {
      const factor = await this.factors.find(id, unit);
      if (!factor || factor.confirmed)
        throw errors.conflict(
          'GOVERNANCE.TOTP_NOT_BEGUN',
          'No second factor waits to be confirmed. Begin anew.',
        );
      const step = matchingStep(factor.secret, code, this.clock.now(), factor.lastStep);
      if (step === null || !(await this.factors.takeStep(unit, id, step))) return false;
      await this.factors.confirm(unit, id, this.clock.iso(), digests);
      this.record(unit, caller, id, 'totp.enrol');
      return true;
    });
    if (!done) throw wrongCode();
    return codes;
  }

  /** Takes a person's second factor away: one's own, or, for who lost it, by an administrator. */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.database.transaction(async (unit) => {
      if (!(await this.factors.remove(unit, id)))
        throw errors.notFound('GOVERNANCE.TOTP_NOT_FOUND', 'There is no second factor to remove.');
      this.record(unit, caller, id, 'totp.remove');
    });
  }

  private async prove(caller: Caller, id: string, proof: SecondProof): Promise<SecondFactorResult> {
    const { totp, recoveryCode } = proof;
    if (totp === undefined && recoveryCode === undefined)
      throw errors.unauthenticated(
        'GOVERNANCE.TOTP_REQUIRED',
        'The password is right. Send the code of your second factor (totp) with it, or a recovery code.',
      );
    const taken = await this.database.transaction(async (unit) => {
      if (recoveryCode === undefined) return this.takeCode(unit, id, totp!);
      const digest = recoveryDigest(id, recoveryCode);
      if (!(await this.factors.takeRecoveryCode(unit, id, digest, this.clock.iso()))) return false;
      this.record(unit, callerOf(caller, id), id, 'totp.recover');
      return true;
    });
    if (!taken) throw wrongCode();
    return { factor: recoveryCode === undefined ? 'totp' : 'recovery-code' };
  }

  private async takeCode(unit: Unit, id: string, code: string): Promise<boolean> {
    const factor = await this.factors.find(id, unit);
    const step = factor && matchingStep(factor.secret, code, this.clock.now(), factor.lastStep);
    return step !== null && this.factors.takeStep(unit, id, step);
  }

  private async enrolmentRequired(identity: Identity): Promise<Error> {
    const pending = await this.factors.find(identity.id);
    const details = pending
      ? { otpauthUri: otpauthUri(pending.secret, identity.name), secret: pending.secret }
      : await this.begin(identity);
    return errors.forbidden(
      'GOVERNANCE.TOTP_ENROLMENT_REQUIRED',
      'A role of yours needs a second factor. Enter the secret in an authenticator app and log in again with its code.',
      { details },
    );
  }

  private record(unit: Unit, caller: Caller, id: string, action: string): void {
    this.audit.record(unit, caller, { action, object: { kind: 'user', id }, project: null });
  }
}

const recoveryDigest = (id: string, code: string): string =>
  sha256(`recovery ${id} ${plainRecoveryCode(code)}`);

const callerOf = (caller: Caller, id: string): Caller => ({
  ...caller,
  principal: { ...caller.principal, id },
});

const wrongCode = () =>
  errors.unauthenticated(
    'GOVERNANCE.TOTP_WRONG',
    'This code is wrong or was used already. Wait for the next.',
  );
