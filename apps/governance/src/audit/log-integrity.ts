import { Injectable } from '@nestjs/common';
import { AppError, errors } from '@steward/kernel';

/** The error of a log that is not the one that was signed. */
export function tampered(what: string): AppError {
  return errors.internal(
    'AUDIT.TAMPERED',
    `The audit log in the database is not the one that governance signed: ${what} Somebody changed the database. ` +
      'Nothing is appended until it is restored; compare it with the last export by `steward audit verify`.',
  );
}

export const isTampered = (error: unknown): error is AppError =>
  AppError.is(error) && error.code === 'AUDIT.TAMPERED';

/** Whether the stored log is known to be the signed one. Nothing is appended or signed otherwise. */
@Injectable()
export class LogIntegrity {
  private state: 'unchecked' | 'sound' | AppError = 'unchecked';

  /** What is wrong, for operators; null if nothing is. */
  get fault(): string | null {
    if (this.state === 'sound') return null;
    return this.state === 'unchecked' ? 'The audit log has not been checked yet.' : this.state.message;
  }

  sound(): void {
    this.state = 'sound';
  }

  /** From now on the log stands still, until a new start finds it sound. */
  broken(error: AppError): void {
    this.state = error;
  }

  /** Throws the fault; `AUDIT.UNCHECKED` (retriable) before the check at the start has ended. */
  require(): void {
    if (this.state === 'sound') return;
    if (this.state === 'unchecked')
      throw errors.unavailable('AUDIT.UNCHECKED', 'The audit log is still being checked. Try again.');
    throw this.state;
  }
}
