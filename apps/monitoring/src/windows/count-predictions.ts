import { Injectable } from '@nestjs/common';
import type { PredictionLoggedMessage } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { newId } from '@steward/kernel';
import { handled, type HandlerResult } from '@steward/messaging';
import { countAgainst } from '@steward/statistics';
import { ChampionRepository, type Champion } from '../champions/champion.repository';
import { References } from '../champions/references';
import { MonitorRepository, type Monitor } from '../monitors/monitor.repository';
import { CloseWindow } from './close-window';
import { FillingWindow, PredictedRows } from './observation-window';
import { WindowRepository } from './window.repository';

const WAIT_FOR_ALIAS_MS = 200;

/** The windows that one transaction fills: read and locked once, written once, however many events it carries. */
type Filling = Map<string, FillingWindow>;

/** Puts predictions into the windows of their model's monitors. */
@Injectable()
export class CountPredictions {
  private readonly filling = new WeakMap<UnitOfWork, Filling>();

  constructor(
    private readonly windows: WindowRepository,
    private readonly champions: ChampionRepository,
    private readonly monitors: MonitorRepository,
    private readonly references: References,
    private readonly close: CloseWindow,
  ) {}

  async execute(
    unit: UnitOfWork,
    partition: number,
    message: PredictionLoggedMessage,
  ): Promise<HandlerResult> {
    const { project, model } = message;
    const champion = await this.champions.find(unit, project, model);
    // Inference may answer with a new champion before we have read of it.
    if (!champion || champion.descriptor.version < message.modelVersion)
      return handled.retry(WAIT_FOR_ALIAS_MS);
    await this.windows.lockPartition(unit, partition);
    await this.windows.observe(unit, project, model, message.modelVersion, message.rows);
    // A late answer of the version before: its window is closed.
    if (champion.descriptor.version > message.modelVersion) return handled.ok;
    const monitors = await this.monitors.ofModel(unit, project, model);
    if (monitors.length === 0) return handled.ok;
    const outcomes = await this.windows.takeEarlyOutcomes(unit, message.predictionId);
    const rows = new PredictedRows(message);
    for (const monitor of monitors) await this.fill(unit, monitor, champion, rows, outcomes);
    return handled.ok;
  }

  private async fill(
    unit: UnitOfWork,
    monitor: Monitor,
    champion: Champion,
    rows: PredictedRows,
    outcomes: Map<number, string>,
  ): Promise<void> {
    const filling = this.fillingOf(unit);
    const key = `${monitor.project}/${monitor.name}`;
    for (let index = 0; index < rows.message.rows; index++) {
      let window = filling.get(key);
      if (!window) {
        window = await this.windowOf(unit, monitor, champion);
        filling.set(key, window);
      }
      window.add(rows, index, outcomes.get(rows.message.firstRow + index) ?? null);
      if (!window.full) continue;
      filling.delete(key);
      await this.close.full(unit, monitor, window);
    }
  }

  private fillingOf(unit: UnitOfWork): Filling {
    const known = this.filling.get(unit);
    if (known) return known;
    const filling: Filling = new Map();
    this.filling.set(unit, filling);
    unit.beforeCommit(async () => {
      for (const window of filling.values()) await this.windows.save(unit, window.toStored(), window.added);
    });
    return filling;
  }

  private async windowOf(
    unit: UnitOfWork,
    monitor: Monitor,
    { project, descriptor, previous }: Champion,
  ): Promise<FillingWindow> {
    let open = await this.windows.openOf(unit, project, monitor.name);
    // The monitor may have been turned to another model since.
    if (open && open.descriptor.digest !== descriptor.digest) {
      await this.close.unfinished(unit, open);
      open = null;
    }
    const reference = await this.references.load(
      open?.descriptor.referenceDigest ?? descriptor.referenceDigest,
    );
    if (!open) {
      open = {
        id: newId(),
        project,
        monitor: monitor.name,
        descriptor,
        previousReference: previous?.referenceDigest ?? null,
        rows: 0,
        outcomes: 0,
        counts: countAgainst(reference).toJSON(),
        previousCounts: null,
        openedAt: new Date().toISOString(),
        correlation: newId(),
      };
      await this.windows.open(unit, open);
    }
    const before =
      open.previousReference === null ? null : await this.references.load(open.previousReference);
    return new FillingWindow(open, monitor.definition.windowRows, reference, before);
  }
}
