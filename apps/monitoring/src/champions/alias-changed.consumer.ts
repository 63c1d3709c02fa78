import { Injectable } from '@nestjs/common';
import { AliasChanged } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { EventConsumer, handled, type HandlerResult, type IncomingEvent } from '@steward/messaging';
import { AlertRepository } from '../alerts/alert.repository';
import { MonitorRepository } from '../monitors/monitor.repository';
import { CloseWindow } from '../windows/close-window';
import { WindowRepository } from '../windows/window.repository';
import { ChampionRepository } from './champion.repository';

/** A new champion: windows of the one before are over, and the request for retraining is answered. */
@Injectable()
export class AliasChangedConsumer extends EventConsumer<typeof AliasChanged> {
  readonly event = AliasChanged;

  constructor(
    private readonly champions: ChampionRepository,
    private readonly monitors: MonitorRepository,
    private readonly windows: WindowRepository,
    private readonly close: CloseWindow,
    private readonly alerts: AlertRepository,
  ) {
    super();
  }

  async handle(event: IncomingEvent<typeof AliasChanged>, unit: UnitOfWork): Promise<HandlerResult> {
    const { project } = event;
    const { alias, descriptor, previous } = event.payload;
    if (project === null) return handled.deadLetter('An alias belongs to a project.');
    if (alias !== 'champion') return handled.drop('Only the champion is watched.');
    if (!(await this.champions.replace(unit, { project, descriptor, previous }))) return handled.ok;
    const monitors = await this.monitors.ofModel(unit, project, descriptor.model);
    for (const open of (await this.windows.openOf(unit, monitors)).values()) {
      if (open.descriptor.digest !== descriptor.digest) await this.close.unfinished(unit, open);
    }
    await this.alerts.closeRetrainRequests(unit, project, descriptor.model, 'answered');
    return handled.ok;
  }
}
