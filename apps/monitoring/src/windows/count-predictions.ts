import { Injectable } from '@nestjs/common';
import type { PredictionLoggedMessage } from '@steward/contracts';
import type { UnitOfWork } from '@steward/database';
import { handled, type HandlerResult } from '@steward/messaging';
import { ChampionRepository, type Champion } from '../champions/champion.repository';
import { FillWindows } from './fill-windows';
import { PredictedRows } from './observation-window';
import { WindowRepository, type ObservedRows } from './window.repository';

const WAIT_FOR_ALIAS_MS = 200;

/** What one transaction carries of one model. */
interface ModelBatch {
  readonly champion: Champion | null;
  readonly current: PredictedRows[];
  readonly observed: Map<number, ObservedRows>;
}
type Batch = Map<string, ModelBatch>;

/**
 * Counts predictions and puts those of the champion into windows. What a transaction carries is gathered and applied once
 * before it commits, in an order that is the same everywhere, so that transactions of several partitions wait for each
 * other and never lock crosswise.
 */
@Injectable()
export class CountPredictions {
  private readonly batches = new WeakMap<UnitOfWork, Batch>();

  constructor(
    private readonly windows: WindowRepository,
    private readonly champions: ChampionRepository,
    private readonly fill: FillWindows,
  ) {}

  async execute(
    unit: UnitOfWork,
    partition: number,
    message: PredictionLoggedMessage,
  ): Promise<HandlerResult> {
    const batch = await this.batchOf(unit, partition);
    const { champion, current, observed } = await this.modelOf(unit, batch, message);
    const { project, model, modelVersion: version, rows } = message;
    // Inference may answer with a new champion before we have read of it. Versions beside the champion are newer too.
    const beside = message.role !== undefined && message.role !== 'champion';
    if (!champion || (!beside && champion.descriptor.version < version))
      return handled.retry(WAIT_FOR_ALIAS_MS);
    observed.set(version, { project, model, version, rows: (observed.get(version)?.rows ?? 0) + rows });
    // A late answer of the version before is counted; its window is closed.
    if (champion.descriptor.version === version) current.push(new PredictedRows(message));
    return handled.ok;
  }

  private async batchOf(unit: UnitOfWork, partition: number): Promise<Batch> {
    const known = this.batches.get(unit);
    if (known) return known;
    const batch: Batch = new Map();
    this.batches.set(unit, batch);
    unit.beforeCommit(() => this.apply(unit, batch));
    await this.windows.lockPartition(unit, partition);
    return batch;
  }

  private async modelOf(
    unit: UnitOfWork,
    batch: Batch,
    { project, model }: PredictionLoggedMessage,
  ): Promise<ModelBatch> {
    const key = `${project}/${model}`;
    const known = batch.get(key);
    if (known) return known;
    const champion = await this.champions.findAndHold(unit, project, model);
    const made: ModelBatch = { champion, current: [], observed: new Map() };
    batch.set(key, made);
    return made;
  }

  private async apply(unit: UnitOfWork, batch: Batch): Promise<void> {
    const models = [...batch].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, model]) => model);
    const observed = models.flatMap((model) => [...model.observed.values()]);
    if (observed.length > 0) await this.windows.observe(unit, observed);
    await this.fill.execute(
      unit,
      models.flatMap(({ champion, current }) =>
        champion && current.length > 0 ? [{ champion, predictions: current }] : [],
      ),
    );
  }
}
