import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { callerOfService } from '@steward/access';
import { Database, type UnitOfWork } from '@steward/database';
import { Clock, isRetriable, newId } from '@steward/kernel';
import type { GovernanceTables } from '../governance-tables';
import { CreatePrincipal } from './create-principal';
import { FirstAdministratorNotice } from './first-administrator.port';
import { IdentityRepository } from './identity.repository';
import { PasswordHasher } from './password.hasher';
import { BEAT_MS, PublishPolicy } from './publish-policy';
import { PublishedPolicyRepository } from './published-policy.repository';

const TRY_AGAIN_MS = 500;

export const FIRST_ADMINISTRATOR = 'administrator';

/** How the first administrator gets a password: a given one, or a random one that is shown. */
export abstract class FirstPassword {
  abstract readonly given: string | undefined;
}

/** What happens at a start: the policy is published, the first administrator is made, and the heart begins to beat. */
@Injectable()
export class StartIdentity implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(StartIdentity.name);
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: Database<GovernanceTables>,
    private readonly identities: IdentityRepository,
    private readonly create: CreatePrincipal,
    private readonly passwords: PasswordHasher,
    private readonly policy: PublishPolicy,
    private readonly published: PublishedPolicyRepository,
    private readonly notice: FirstAdministratorNotice,
    private readonly first: FirstPassword,
    private readonly clock: Clock,
  ) {}

  /** With the database away the start goes on and this is tried again; until then no heartbeat says that all is well. */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.begin();
    } catch (error) {
      if (!isRetriable(error)) throw error;
      this.logger.warn(`Governance cannot begin yet: ${String(error)}`);
      this.beating = this.beginLater();
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.beating;
  }

  private async beginLater(): Promise<void> {
    while (!this.stopped) {
      await sleep(TRY_AGAIN_MS);
      try {
        if (!this.stopped) await this.begin();
        return;
      } catch (error) {
        this.logger.warn(`Governance cannot begin yet: ${String(error)}`);
      }
    }
  }

  private async begin(): Promise<void> {
    await this.database.transaction(async (unit) => {
      await this.published.lockStart(unit);
      await this.policy.publishChanged(unit);
      if ((await this.identities.countHolders(unit, 'administrator')) === 0)
        await this.firstAdministrator(unit);
    });
    await this.policy.beat();
    if (this.stopped) return;
    this.timer = setInterval(() => {
      this.beating = this.beat();
    }, BEAT_MS);
  }

  /** Shown before the commit: a password that was shown for nothing is better than one that nobody ever saw. */
  private async firstAdministrator(unit: UnitOfWork<GovernanceTables>): Promise<void> {
    const password = this.first.given ?? randomBytes(15).toString('base64url');
    const hash = await this.passwords.hash(password);
    const caller = callerOfService('governance', newId(this.clock.now()), null);
    const roles = [{ role: 'administrator', project: null }];
    const person = {
      kind: 'person' as const,
      name: FIRST_ADMINISTRATOR,
      displayName: 'Administrator',
      password,
      roles,
    };
    await this.create.add(unit, caller, person, hash);
    if (this.first.given === undefined) await this.notice.show(FIRST_ADMINISTRATOR, password);
  }

  private async beat(): Promise<void> {
    try {
      await this.policy.beat();
    } catch (error) {
      this.logger.warn(`The heartbeat failed; services grow stale until one succeeds: ${String(error)}`);
    }
  }
}
