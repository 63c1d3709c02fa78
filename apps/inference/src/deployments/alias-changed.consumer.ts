import { Injectable } from '@nestjs/common';
import { AliasChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { DeploymentRepository } from './deployment.repository';
import { KeepServing } from './keep-serving';

/** An approved version became champion: serve it. */
@Injectable()
export class AliasChangedConsumer extends EventConsumer<typeof AliasChanged> {
  readonly event = AliasChanged;

  constructor(
    private readonly deployments: DeploymentRepository,
    private readonly serving: KeepServing,
  ) {
    super();
  }

  async handle(event: IncomingEvent<typeof AliasChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { alias, descriptor } = event.payload;
    if (event.project === null) return handled.deadLetter('An alias belongs to a project.');
    if (alias !== 'champion') return handled.drop('Only the champion is served.');
    await this.deployments.replace(unit, {
      project: event.project,
      alias,
      descriptor,
      actor: event.actor,
      correlation: event.correlation,
    });
    unit.afterCommit(() => this.serving.refresh());
    return handled.ok;
  }
}
