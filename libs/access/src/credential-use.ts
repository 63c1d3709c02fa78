import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ApiKeysUsed, type ServiceName } from '@steward/contracts';
import { Database } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { Outbox } from '@steward/messaging';
import { SERVICE_NAME } from './service-name';

/** How often the uses of API keys are told, at most; nothing is told where none was used. */
const TELL_EVERY_MS = 60_000;
/** Most keys of one event; what is more waits for the next. */
const MOST_KEYS = 500;

/**
 * Remembers when each API key was last used here, in memory, and tells governance in batches: no write stands on a
 * caller's path. What a killed process had not told is lost; the next use is told again.
 */
@Injectable()
export class CredentialUse implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(CredentialUse.name);
  private readonly lastUse = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.telling = this.tell();
    }, TELL_EVERY_MS);
    this.timer.unref();
  }

  /** Tells what is left, as far as the database answers. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.telling;
    await this.tell();
  }

  /** An API key has just proven somebody. */
  note(keyId: string): void {
    this.lastUse.set(keyId, this.clock.now());
  }

  /** Tells governance now. Never rejects: what could not be told is told the next time. */
  async tell(): Promise<void> {
    const batch = [...this.lastUse].slice(0, MOST_KEYS);
    if (batch.length === 0) return;
    const keys = batch.map(([keyId, at]) => ({ keyId, at: new Date(at).toISOString() }));
    try {
      await this.database.transaction(async (unit) => {
        this.outbox.publish(unit, ApiKeysUsed[this.service], {
          subject: this.service,
          project: null,
          correlation: newId(this.clock.now()),
          actor: this.service,
          payload: { keys },
        });
      });
      for (const [keyId, at] of batch) if (this.lastUse.get(keyId) === at) this.lastUse.delete(keyId);
    } catch (error) {
      this.logger.warn({ err: error }, 'The last uses of API keys could not be told; they wait.');
    }
  }
}
