import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { PredictionLogged, type ProtobufEventDefinition } from '@steward/contracts';
import { TelemetryLog, type SealedTelemetry } from '@steward/messaging';
import { bucketOf } from '../deployments/bucket-of';
import type { PredictionLogPlan } from '../deployments/deployment-plan';
import { encodePrediction } from '../infer/encode-prediction';
import { predictionEvents, type Prediction } from '../infer/prediction-events';
import { BufferedLog } from './buffered-log';
import { EventBuffer } from './event-buffer';
import { PredictionLogConfig } from './prediction-log.config';
import { PredictionLogMetrics } from './prediction-log.metrics';
import { Spool } from './spool';
import { SpoolFolders } from './spool-folders';

const LOGGED = PredictionLogged as ProtobufEventDefinition;
const ADOPT_MS = 10_000;
const STOP_MS = 2_000;
/** A loss is said in the log at once, and then at most so often. */
const SAY_MS = 10_000;

/** One answered request on its way to the log. */
export interface LoggedPrediction extends Prediction {
  readonly correlation: string;
  /** The served name, `<project>.<model>`. */
  readonly model: string;
}

/** What became of a prediction on its way to the log, as the answer's parameters say it. */
export type LogResult = 'logged' | 'sampled_out' | 'lost';

/**
 * The prediction log in the mode that the deployment says. `required`: resolves when it is durable in the log, and fails
 * where it cannot be. `buffered`: resolves at once; it waits in a bounded memory, and while the bus is away in a bounded
 * spool. `sampled`: the same, for a share of the predictions that is chosen by their ids, so that an outcome's joining
 * does not depend on who is asked.
 */
@Injectable()
export class PredictionLog implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PredictionLog.name);
  private readonly folders: SpoolFolders;
  private readonly spool: Spool;
  private readonly producer: SealedTelemetry;
  private readonly buffered: BufferedLog;
  private readonly adopted = new Map<string, BufferedLog>();
  private adopting: NodeJS.Timeout | null = null;
  private lostEvents = 0;
  private saidAt = 0;

  constructor(
    private readonly log: TelemetryLog,
    private readonly config: PredictionLogConfig,
    private readonly metrics: PredictionLogMetrics,
  ) {
    this.folders = new SpoolFolders(config.folder);
    this.spool = this.spoolIn(this.folders.own());
    this.producer = log.sealed();
    this.buffered = this.bufferedLog(this.spool, config.memoryBytes);
  }

  onApplicationBootstrap(): void {
    this.adopt();
    this.adopting = setInterval(() => this.adopt(), ADOPT_MS);
    this.adopting.unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.adopting) clearInterval(this.adopting);
    await Promise.all([this.buffered, ...this.adopted.values()].map((log) => log.stop(STOP_MS)));
    if (this.spool.empty) this.spool.remove();
  }

  /** How this process's buffer stands. */
  get state(): { readonly away: boolean; readonly spooledBytes: number; readonly lostEvents: number } {
    return { away: this.buffered.away, spooledBytes: this.spool.bytes, lostEvents: this.lostEvents };
  }

  /** At once, unless the answer has to wait for the log. */
  record(plan: PredictionLogPlan, prediction: LoggedPrediction): LogResult | Promise<LogResult> {
    const result = this.result(plan, prediction);
    if (result instanceof Promise)
      return result.then((late) => {
        this.metrics.logged(prediction.model, plan.mode, late);
        return late;
      });
    this.metrics.logged(prediction.model, plan.mode, result);
    return result;
  }

  private result(plan: PredictionLogPlan, prediction: LoggedPrediction): LogResult | Promise<LogResult> {
    if (plan.mode === 'required') return this.required(prediction);
    if (plan.mode === 'sampled' && bucketOf(prediction.id) >= plan.rate) return 'sampled_out';
    return this.accept(prediction);
  }

  private async required(prediction: LoggedPrediction): Promise<LogResult> {
    const { id: subject, project, correlation, caller: actor } = prediction;
    const envelope = { subject, project, correlation, actor };
    await Promise.all(
      predictionEvents(prediction).map((payload) =>
        this.log.append(PredictionLogged, { ...envelope, payload }),
      ),
    );
    return 'logged';
  }

  private accept(prediction: LoggedPrediction): LogResult {
    const { id: subject, project, correlation, caller: actor } = prediction;
    const envelope = { subject, project, correlation, actor };
    let lost = 0;
    encodePrediction(prediction, (value) => {
      const sealed = this.producer.sealEncoded(LOGGED, envelope, value);
      if (!this.buffered.accept(sealed)) lost += 1;
    });
    if (lost > 0) this.lose('full', lost);
    this.metrics.spooled(this.spool.bytes);
    return lost > 0 ? 'lost' : 'logged';
  }

  /** What processes left behind that were killed: replayed in the order written, beside what is accepted now. */
  private adopt(): void {
    for (const folder of this.folders.adopt()) {
      const spool = this.spoolIn(folder);
      const log = this.bufferedLog(spool, 0);
      this.adopted.set(folder, log);
      log.start();
      void log.drained().then(() => {
        if (!spool.empty) return;
        spool.remove();
        this.adopted.delete(folder);
        this.logger.log('What an earlier process had not written to the log is in it now.');
      });
    }
  }

  private spoolIn(folder: string): Spool {
    return new Spool(folder, this.config.spoolBytes, ({ file, bytes }) => {
      this.logger.error({ file, bytes }, 'A spool file is damaged; what stood in its last bytes is lost.');
      this.lose('damaged', 1);
    });
  }

  private bufferedLog(spool: Spool, memoryBytes: number): BufferedLog {
    return new BufferedLog(this.log, new EventBuffer(spool, memoryBytes), {
      written: (events) => {
        if (spool.bytes > 0) this.metrics.replayed.inc(events);
      },
      refused: (events, code) => {
        this.logger.error({ code }, 'The log refuses predictions for good.');
        this.lose('refused', events);
      },
      away: (reason) => {
        if (reason === null) this.logger.log('Predictions reach the log again.');
        else this.logger.warn({ code: reason }, 'Predictions wait on the disk: the log cannot be written.');
      },
      // Without waiting for the next prediction: none may come.
      moved: () => this.metrics.spooled(this.spool.bytes),
    });
  }

  private lose(reason: 'full' | 'damaged' | 'refused', events: number): void {
    this.lostEvents += events;
    this.metrics.lost(reason, events);
    if (Date.now() - this.saidAt < SAY_MS) return;
    this.saidAt = Date.now();
    this.logger.error(
      { reason, lost: this.lostEvents },
      'Predictions that were answered are lost to the log; their number is since the start.',
    );
  }
}
