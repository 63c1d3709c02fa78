import type { Logger } from 'pino';

/** A stop that takes longer ends the process hard: the supervisor waits for 10 s. */
const LONGEST_STOP_MS = 8_000;

/** What can be closed. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * Ties a running service to its process: SIGTERM, SIGINT and the end of the supervisor's IPC channel close it within
 * 8 s; what nobody caught is logged as fatal and ends the process with status 1, because its state is unknown then.
 */
export class ProcessLifetime {
  private service: Closable | undefined;
  private stopping = false;

  constructor(private readonly logger: Logger) {
    process.on('SIGTERM', () => this.stop('SIGTERM'));
    process.on('SIGINT', () => this.stop('SIGINT'));
    process.on('disconnect', () => this.stop('the supervisor is gone'));
    process.on('uncaughtException', (error) =>
      this.fail(error, 'An error that nobody caught ends this process.'),
    );
    process.on('unhandledRejection', (reason) =>
      this.fail(reason, 'A rejection that nobody handled ends this process.'),
    );
  }

  /** From now on a stop closes this. If the stop was asked for before, it happens now. */
  hold(service: Closable): void {
    this.service = service;
    if (this.stopping) void this.closeAndExit();
  }

  /** Logs as fatal and ends the process. */
  fail(error: unknown, message: string): never {
    this.logger.fatal({ err: error }, message);
    process.exit(1);
  }

  private stop(why: string): void {
    if (this.stopping) return;
    this.stopping = true;
    this.logger.info({ why }, 'Stopping.');
    setTimeout(() => {
      this.logger.error('The stop took longer than 8 s.');
      process.exit(1);
    }, LONGEST_STOP_MS).unref();
    if (this.service) void this.closeAndExit();
  }

  private async closeAndExit(): Promise<void> {
    try {
      await this.service?.close();
      this.logger.info('Stopped.');
      process.exit(0);
    } catch (error) {
      this.fail(error, 'The stop failed.');
    }
  }
}
