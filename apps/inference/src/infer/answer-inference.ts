import { Injectable } from '@nestjs/common';
import { Access, PurposeLimitation, type Caller, type Principal } from '@steward/access';
import { AppError, errors } from '@steward/kernel';
import { LoadShedder } from '../batching/load-shedder';
import { WorkQueue } from '../batching/work-queue';
import { ServingTable, type ServedModel, type WantedVersion } from '../deployments/serving-table';
import type { ExplainOptions } from '../explain/explain-options';
import type { Allowance } from '../guards/allowance';
import { ServingGuards } from '../guards/serving-guards';
import { UnloadedModels } from '../model-repository/unloaded-models';
import { Infer, type InferResult } from './infer';
import { InferenceMetrics } from './inference.metrics';
import { RequireSubjectsAllow } from '../subjects/require-subjects-allow';
import { ModelStatistics } from './model-statistics';
import type { Tensor } from './tensor';

/** A request as a transport has it; tensors are decoded only for those who may predict. */
export interface InferenceRequest extends WantedVersion {
  readonly name: string;
  readonly subject: () => string | undefined;
  readonly outputs: readonly string[];
  readonly tensors: () => readonly Tensor[];
  /** Under which id it is answered. Default: a new one. */
  readonly predictionId?: string;
  /** When the caller stops waiting, milliseconds since the epoch; unsaid: never. */
  readonly deadline?: number | undefined;
  /** Whether the answer is to be explained. */
  readonly explain?: () => ExplainOptions | undefined;
}

/** A request that is being answered. */
interface Run {
  readonly caller: Caller;
  readonly transport: Transport;
  readonly name: string;
  readonly started: number;
  rows: number;
  /** It counts among what is in hand. */
  entered?: boolean;
  /** What it was counted against. */
  allowances?: readonly Allowance[];
}

/** How long a decision on a caller and a model is good for. */
const ALLOWED_MS = 100;

/** By which protocol family a request came: a label of the metrics. */
export type Transport = 'grpc' | 'rest';

/** What both transports do around {@link Infer}: the project's access decision, and the figures. */
@Injectable()
export class AnswerInference {
  private readonly allowed = new WeakMap<Principal, Map<string, number>>();

  constructor(
    private readonly access: Access,
    private readonly purposes: PurposeLimitation,
    private readonly table: ServingTable,
    private readonly infer: Infer,
    private readonly metrics: InferenceMetrics,
    private readonly statistics: ModelStatistics,
    private readonly unloaded: UnloadedModels,
    private readonly load: LoadShedder,
    private readonly queue: WorkQueue,
    private readonly subjects: RequireSubjectsAllow,
    private readonly guards: ServingGuards,
  ) {}

  async execute(caller: Caller, transport: Transport, request: InferenceRequest): Promise<InferResult> {
    return this.answer(caller, transport, request);
  }

  /** The same, at once where nothing has to be waited for. Throws or rejects. */
  answer(
    caller: Caller,
    transport: Transport,
    request: InferenceRequest,
  ): InferResult | Promise<InferResult> {
    const started = performance.now();
    const run: Run = { caller, transport, name: request.name, started, rows: 0 };
    let result: InferResult | Promise<InferResult>;
    try {
      this.requireAllowed(caller, request.name);
      const allowances = this.guards.enter(caller.principal, request.name);
      run.allowances = allowances;
      const tensors = request.tensors();
      const subject = request.subject();
      const explain = request.explain?.();
      this.subjects.require(tensors, subject);
      const rows = tensors[0]?.shape[0] ?? 1;
      this.load.enter(rows);
      run.rows = rows;
      run.entered = true;
      const command = {
        name: request.name,
        version: request.version,
        label: request.label,
        tensors,
        subject,
        outputs: request.outputs,
        caller: caller.principal.id,
        correlation: caller.correlation,
        ...(request.predictionId === undefined ? null : { predictionId: request.predictionId }),
        deadline: request.deadline,
        explain,
        allowances,
      };
      result = this.queue.run(request.name, rows, () => this.infer.answer(command));
    } catch (error) {
      throw this.failed(run, error);
    }
    if (!(result instanceof Promise)) return this.succeeded(run, result);
    return result.then(
      (late) => this.succeeded(run, late),
      (error: unknown) => {
        throw this.failed(run, error);
      },
    );
  }

  private succeeded(run: Run, result: InferResult): InferResult {
    const { name, transport, started, rows } = run;
    this.load.leave(rows);
    if (run.allowances) this.guards.leave(run.allowances);
    const ended = performance.now();
    const { scored, served } = result;
    this.metrics.answered(name, transport, 'ok', (ended - started) / 1e3);
    this.statistics.succeeded({ name, version: served.descriptor.version, rows, started, scored, ended });
    return result;
  }

  private failed(run: Run, error: unknown): unknown {
    const { caller, name, transport, started, rows } = run;
    if (run.entered) this.load.leave(rows);
    if (run.allowances) this.guards.leave(run.allowances);
    const ms = performance.now() - started;
    const served = this.table.get(name);
    const outcome = AppError.is(error) ? error.kind : 'internal';
    this.metrics.answered(served ? name : null, transport, outcome, ms / 1e3);
    // Who may not use a model does not change what its users see of it.
    if (served && this.mayPredict(caller, name)) this.statistics.failed(name, served.descriptor.version, ms);
    return error;
  }

  /** A served model that the caller may know of. */
  describe(caller: Caller, name: string, wanted: WantedVersion = {}): ServedModel {
    this.requirePredict(caller, name);
    return this.table.resolve(name, wanted);
  }

  /** Its versions that can be named, in order; the one that is wanted, where one is. */
  versions(caller: Caller, name: string, wanted: WantedVersion = {}): number[] {
    const { descriptor } = this.describe(caller, name, wanted);
    if (wanted.version || wanted.label) return [descriptor.version];
    const deployment = this.table.deployment(name);
    return [...(deployment?.versions.keys() ?? [])].toSorted((a, b) => a - b);
  }

  /** Names of the served models that the caller may use. */
  usable(caller: Caller): string[] {
    return this.table.names().filter((name) => !this.unloaded.has(name) && this.mayPredict(caller, name));
  }

  /**
   * That the caller may predict with the model, and for a purpose that the books allow. Remembered for a tenth of a second
   * with the caller's proven identity, which the hot path keeps for no longer either; whether it is loaded, never.
   */
  private requireAllowed(caller: Caller, name: string): void {
    let models = this.allowed.get(caller.principal);
    if (!models) this.allowed.set(caller.principal, (models = new Map()));
    const until = models.get(name);
    if (until !== undefined && performance.now() < until) return this.unloaded.requireLoaded(name);
    this.requirePredict(caller, name);
    this.access.requireProject(name.slice(0, name.indexOf('.')), 'predict', 'Deployment');
    this.requirePurpose(name);
    models.set(name, performance.now() + ALLOWED_MS);
  }

  /** Whoever may predict may do so only for a purpose that the books allow. */
  private requirePurpose(served: string): void {
    const [project = '', name = ''] = served.split('.');
    this.purposes.require(project, [
      { kind: 'model', name },
      { kind: 'deployment', name, required: false },
    ]);
  }

  private mayPredict(caller: Caller, name: string): boolean {
    const [project = '', model = ''] = name.split('.');
    return this.access.can(caller.principal, 'predict', 'Deployment', { project, model });
  }

  private requirePredict(caller: Caller, name: string): void {
    const [project, model, ...rest] = name.split('.');
    if (!project || !model || rest.length > 0) {
      throw errors.notFound('INFERENCE.MODEL_NOT_SERVED', 'A model is named <project>.<model>.');
    }
    this.access.require(caller, 'predict', 'Deployment', { project, model });
    this.unloaded.requireLoaded(name);
  }
}
