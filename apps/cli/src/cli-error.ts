import { AppError, errors } from '@steward/kernel';

/** 0 done; 1 failed or refused; 2 wrong usage; 3 not reachable. */
export const ExitCodes = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

const USAGE = 'CLI.USAGE';

/** The command was written wrongly. */
export const usage = (message: string): AppError => errors.invalid(USAGE, message);

/** What is said of an error: the service's own sentence, and what to do next. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly next: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly exitCode: number;
}

const NEXT: Readonly<Partial<Record<AppError['kind'], string>>> = {
  unauthenticated: 'Log in: steward login USER',
  forbidden:
    'Ask an administrator for a role that may do this, or log in as somebody who has it: steward login USER',
  not_found: 'Check the name, and the project (--project). See what there is: steward status',
  limit: 'Send less at once, or wait a moment and try again.',
  internal:
    'Look into the log of the service; its correlation id is in the answer. Is everything well? steward status',
};

/** Tells any error; what is no AppError has no details that could leak. */
export function tell(error: unknown): Told {
  if (!AppError.is(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'CLI.FAILED', message, next: null, details: {}, exitCode: ExitCodes.failed };
  }
  return {
    code: error.code,
    message: error.message,
    next: nextOf(error),
    details: error.details,
    exitCode: exitCodeOf(error),
  };
}

function nextOf(error: AppError): string | null {
  if (error.code === USAGE) return 'See: steward help';
  if (error.code === 'CLIENT.UNREACHABLE')
    return 'If it runs elsewhere, say where: STEWARD_URL=http://HOST:PORT';
  if (error.code.startsWith('CLI.')) return null;
  if (error.retriable) return 'Try again in a moment. Which service is away? steward status';
  return NEXT[error.kind] ?? null;
}

function exitCodeOf(error: AppError): number {
  if (error.code === USAGE) return ExitCodes.usage;
  return error.kind === 'unavailable' ? ExitCodes.unreachable : ExitCodes.failed;
}
