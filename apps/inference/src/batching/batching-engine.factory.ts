import { Injectable } from '@nestjs/common';
import { tallyCounter, tallyHistogram } from '@steward/service';
import { ChoosingEngineFactory } from '../engines/choosing-engine.factory';
import { EngineFactory, type Engine, type EngineModel } from '../engines/engine';
import { InferenceConfig } from '../inference.config';
import { BatchingEngine, type BatchEvents } from './batching-engine';
import { BatchingSettings } from './batching-settings';

const ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096];

/** The chosen engine, with dynamic batching in front where the settings say so. */
@Injectable()
export class BatchingEngineFactory extends EngineFactory {
  private readonly settings: BatchingSettings;
  private readonly batches = tallyCounter({
    name: 'steward_inference_batches_total',
    help: 'Batches given to an engine, by why they were: full, delay, deadline, turn (of the event loop) or alone.',
    labelNames: ['model', 'reason'],
  });
  private readonly rows = tallyHistogram({
    name: 'steward_inference_batch_rows',
    help: 'Rows of a batch.',
    labelNames: ['model'],
    buckets: ROWS,
  });
  private readonly waiting = tallyHistogram({
    name: 'steward_inference_batch_queue_rows',
    help: 'Rows that wait for an engine, seen at each arrival and departure.',
    labelNames: ['model'],
    buckets: [0, ...ROWS],
  });

  constructor(
    private readonly choose: ChoosingEngineFactory,
    config: InferenceConfig,
  ) {
    super();
    this.settings = new BatchingSettings(config.batching);
  }

  async load(onnx: Uint8Array, model: EngineModel): Promise<Engine> {
    const engine = await this.choose.load(onnx, model);
    const limits = this.settings.of(model.model, engine.kind);
    return limits ? new BatchingEngine(engine, limits, this.eventsOf(model.model)) : engine;
  }

  private eventsOf(model: string): BatchEvents {
    const rows = this.rows.cell(model);
    const waiting = this.waiting.cell(model);
    return {
      dispatched: (reason, _requests, of) => {
        this.batches.cell(model, reason).add(1);
        rows.observe(of);
      },
      waiting: (of) => waiting.observe(of),
    };
  }
}
