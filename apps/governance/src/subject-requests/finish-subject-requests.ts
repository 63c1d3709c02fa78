import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '@steward/kernel';
import { ExpireArchives } from './expire-archives';
import { FinishErasure } from './finish-erasure';
import { FinishGathering } from './finish-gathering';
import { FinishRectification } from './finish-rectification';
import { FinishSchedule } from './finish-schedule';
import type { SubjectRequest } from './subject-request';
import { SubjectRequestRepository } from './subject-request.repository';

const TRY_AGAIN_MS = 2_000;
const EXPIRE_MS = 60_000;

/** Finishes requests that every service has answered, at the start and whenever an answer comes; lets archives expire. */
@Injectable()
export class FinishSubjectRequests extends FinishSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(FinishSubjectRequests.name);
  private work: Promise<void> = Promise.resolve();
  private waiting = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Timeout | undefined;

  constructor(
    private readonly requests: SubjectRequestRepository,
    private readonly erasure: FinishErasure,
    private readonly gathering: FinishGathering,
    private readonly rectification: FinishRectification,
    private readonly expire: ExpireArchives,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.wake();
    this.expiry = setInterval(() => {
      this.work = this.work.then(() => this.expireArchives());
    }, EXPIRE_MS);
    this.expiry.unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.expiry);
    await this.work;
  }

  wake(): void {
    if (this.stopped || this.waiting) return;
    this.waiting = true;
    this.work = this.work.then(() => {
      this.waiting = false;
      return this.run();
    });
  }

  private async run(): Promise<void> {
    try {
      for (const request of await this.requests.answered()) {
        if (this.stopped) return;
        await this.finish(request);
      }
    } catch (error) {
      // Never the error's own text: it may hold a value.
      const code = AppError.is(error) ? error.code : 'INTERNAL';
      this.logger.error({ code }, 'A request of a data subject could not be finished; it is tried again.');
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.wake(), TRY_AGAIN_MS);
      this.timer.unref();
    }
  }

  private async finish(request: SubjectRequest): Promise<void> {
    switch (request.kind) {
      case 'erasure':
        return this.erasure.execute(request);
      case 'access':
      case 'portability':
        return this.gathering.execute(request);
      case 'rectification':
        return this.rectification.execute(request);
      case 'restriction':
      case 'objection':
        // These order nothing, so nobody answers them.
        return;
    }
  }

  private async expireArchives(): Promise<void> {
    await this.expire
      .execute()
      .catch((error: unknown) => this.logger.warn(`Archives could not expire: ${String(error)}`));
  }
}
