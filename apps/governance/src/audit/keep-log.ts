import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { isRetriable } from '@steward/kernel';
import { CheckLog } from './check-log';
import { isTampered, LogIntegrity } from './log-integrity';
import { SignHead } from './sign-head';
import { SignSchedule } from './sign-schedule';

/** Batches that commit within this time share a signature. */
const GATHER_MS = 200;
const TRY_AGAIN_MS = 1_000;

/**
 * Checks the log at the start, signs what a crash left unsigned, and then signs after each batch. A log that is not
 * the signed one ends the start; found later, it turns readiness red and nothing more is appended.
 */
@Injectable()
export class KeepLog extends SignSchedule implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeepLog.name);
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private checked = false;
  private stopped = false;

  constructor(
    private readonly checkLog: CheckLog,
    private readonly signHead: SignHead,
    private readonly integrity: LogIntegrity,
  ) {
    super();
  }

  /** Before any consumer runs. With the database away the start goes on, and nothing is appended until the check. */
  async onModuleInit(): Promise<void> {
    try {
      await this.step();
    } catch (error) {
      if (!isRetriable(error)) throw error;
      this.logger.warn(`The audit log cannot be checked yet: ${String(error)}`);
      this.schedule(TRY_AGAIN_MS);
    }
  }

  /** When the consumers have stopped: signs what they appended last. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.work;
    if (this.integrity.fault === null) await this.attempt();
  }

  wake(): void {
    this.schedule(GATHER_MS);
  }

  private schedule(afterMs: number): void {
    if (this.stopped || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.work = this.work.then(() => this.attempt());
    }, afterMs);
  }

  private async attempt(): Promise<void> {
    try {
      await this.step();
    } catch (error) {
      if (isTampered(error)) {
        this.integrity.broken(error);
        this.logger.error(error.message);
        return;
      }
      this.logger.warn(`The head of the audit log cannot be signed at the moment: ${String(error)}`);
      this.schedule(TRY_AGAIN_MS);
    }
  }

  private async step(): Promise<void> {
    if (!this.checked) {
      const started = performance.now();
      const entries = await this.checkLog.check();
      const took = Math.round(performance.now() - started);
      this.logger.log(`The audit log is sound: ${entries} entries checked in ${took} ms.`);
      this.checked = true;
      this.integrity.sound();
    }
    await this.signHead.sign();
  }
}
