import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@steward/database';
import { Clock, newId } from '@steward/kernel';
import { countAgainst } from '@steward/statistics';
import type { Champion } from '../champions/champion.repository';
import { References } from '../champions/references';
import { MonitorRepository, type Monitor } from '../monitors/monitor.repository';
import { CloseWindow } from './close-window';
import { FillingWindow, rowId, type OpenWindow, type PredictedRows } from './observation-window';
import { WindowRepository } from './window.repository';

/** Predictions of a model's current champion. */
export interface ChampionPredictions {
  readonly champion: Champion;
  readonly predictions: readonly PredictedRows[];
}

type Watched = ChampionPredictions & { readonly monitors: readonly Monitor[] };
type Outcomes = ReadonlyMap<string, string>;

/** Puts predictions into the windows of their model's monitors: each window is read and locked once and written once. */
@Injectable()
export class FillWindows {
  constructor(
    private readonly windows: WindowRepository,
    private readonly monitors: MonitorRepository,
    private readonly references: References,
    private readonly close: CloseWindow,
    private readonly clock: Clock,
  ) {}

  /** Models in the order of their names. Locks monitors, then their open windows. */
  async execute(unit: UnitOfWork, models: readonly ChampionPredictions[]): Promise<void> {
    const watched: Watched[] = [];
    for (const model of models) {
      const { project, descriptor } = model.champion;
      const monitors = await this.monitors.ofModel(unit, project, descriptor.model);
      if (monitors.length > 0) watched.push({ ...model, monitors });
    }
    if (watched.length === 0) return;
    const open = await this.windows.openOf(
      unit,
      watched.flatMap(({ monitors }) => monitors),
    );
    const outcomes = await this.windows.takeEarlyOutcomes(
      unit,
      watched.flatMap(({ predictions }) => predictions.map(({ message }) => message)),
    );
    for (const model of watched) {
      for (const monitor of model.monitors)
        await this.fill(unit, monitor, model, open.get(`${monitor.project}/${monitor.name}`), outcomes);
    }
  }

  private async fill(
    unit: UnitOfWork,
    monitor: Monitor,
    { champion, predictions }: Watched,
    open: OpenWindow | undefined,
    outcomes: Outcomes,
  ): Promise<void> {
    let window: FillingWindow | null = await this.continued(unit, monitor, champion, open);
    for (const rows of predictions) {
      for (let index = 0; index < rows.message.rows; index++) {
        window ??= await this.opened(unit, monitor, champion);
        window.add(rows, index, outcomes.get(rowId(rows.message, index)) ?? null);
        if (!window.full) continue;
        await this.close.full(unit, monitor, window);
        window = null;
      }
    }
    if (window) await this.windows.save(unit, window.toStored(), window.added);
  }

  private async continued(
    unit: UnitOfWork,
    monitor: Monitor,
    { descriptor }: Champion,
    open: OpenWindow | undefined,
  ): Promise<FillingWindow | null> {
    if (!open) return null;
    if (open.descriptor.digest === descriptor.digest) return this.filling(monitor, open);
    // The monitor was turned to another model.
    await this.close.unfinished(unit, open);
    return null;
  }

  private async opened(
    unit: UnitOfWork,
    monitor: Monitor,
    { project, descriptor, previous }: Champion,
  ): Promise<FillingWindow> {
    const reference = await this.references.load(descriptor.referenceDigest);
    const window: OpenWindow = {
      id: newId(),
      project,
      monitor: monitor.name,
      descriptor,
      previousReference: previous?.referenceDigest ?? null,
      rows: 0,
      outcomes: 0,
      counts: countAgainst(reference).toJSON(),
      previousCounts: null,
      openedAt: this.clock.iso(),
      correlation: newId(),
    };
    await this.windows.open(unit, window);
    return this.filling(monitor, window);
  }

  private async filling(monitor: Monitor, window: OpenWindow): Promise<FillingWindow> {
    const reference = await this.references.load(window.descriptor.referenceDigest);
    const before =
      window.previousReference === null ? null : await this.references.load(window.previousReference);
    return new FillingWindow(window, monitor.definition.windowRows, reference, before);
  }
}
