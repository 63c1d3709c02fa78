import { Injectable } from '@nestjs/common';
import { Clock, newId, errors, type AppError } from '@steward/kernel';
import type { PredictionLogPlan } from '../deployments/deployment-plan';
import { ServingTable, type Route, type ServedModel } from '../deployments/serving-table';
import { comparedKey, type ServedDeployment } from '../deployments/served-deployment';
import type { ExplainOptions } from '../explain/explain-options';
import { ExplainRequest } from '../explain/explain-request';
import { valueIn } from '../explain/explained-values';
import { explanationOf, type ExplainedMargins, type Explanation } from '../explain/explanation';
import { withheld, type HeldRow } from '../held-decisions/held-rows';
import { HoldDecisions } from '../held-decisions/hold-decisions';
import { PredictionLog, type LogResult } from '../prediction-log/prediction-log';
import { CompareVersions } from '../rollouts/compare-versions';
import { InferenceMetrics } from './inference.metrics';
import { checkOutputs } from './outputs';
import { readColumns, type RequestColumns } from './read-columns';
import { scoresOf, labelsOf } from './scores';
import type { Tensor } from './tensor';
import type { Allowance } from '../guards/allowance';
import { rounded, type GuardedAnswer } from '../guards/guarded-answer';
import { ServingGuards } from '../guards/serving-guards';

export interface InferCommand {
  readonly name: string;
  readonly version: string | undefined;
  /** The version's label: an alias, or a name of the deployment's plan. */
  readonly label?: string | undefined;
  readonly tensors: readonly Tensor[];
  /** `parameters.subject`. */
  readonly subject: string | undefined;
  /** Names of the wanted outputs; empty: all. */
  readonly outputs: readonly string[];
  readonly caller: string;
  readonly correlation: string;
  /** Under which id it is answered. Default: a new one. */
  readonly predictionId?: string;
  /** When the caller stops waiting, milliseconds since the epoch; unsaid: never. */
  readonly deadline?: number | undefined;
  /** Explain the rows too. */
  readonly explain?: ExplainOptions | undefined;
  /** What the rows are counted against, as ServingGuards gave it. */
  readonly allowances: readonly Allowance[];
}

export interface InferResult {
  readonly served: ServedModel;
  readonly predictionId: string;
  readonly rows: number;
  /** Row-major [rows, classes]. */
  readonly probabilities: Float64Array;
  readonly labels: readonly string[];
  /** Rows whose decision waits for a person: their label is empty and their probabilities are NaN. */
  readonly held: readonly HeldRow[];
  /** When the engine began and ended, by `performance.now()`. */
  readonly scored: { readonly from: number; readonly to: number };
  /** How the prediction was logged. */
  readonly log: { readonly mode: PredictionLogPlan['mode']; readonly result: LogResult };
  /** Where it was asked for. */
  readonly explanation?: Explanation;
  /** What the guards say of the answer. */
  readonly guarded: GuardedAnswer | null;
}

/** A request that was read, on its way to an answer. */
interface Request {
  readonly command: InferCommand;
  readonly route: Route;
  readonly columns: RequestColumns;
  readonly predictionId: string;
  readonly guarded: GuardedAnswer | null;
  /** When it was given to the engine, by `performance.now()`. */
  readonly from: number;
}

/** What the model would decide, and which of it a person decides. */
interface Answered {
  readonly id: string;
  readonly columns: RequestColumns;
  readonly probabilities: Float64Array;
  readonly scores: Float64Array;
  readonly labels: readonly string[];
  readonly held: readonly HeldRow[];
  readonly scored: InferResult['scored'];
  readonly guarded: GuardedAnswer | null;
}

/** Answers a request by the version that the deployment gives it, and logs it in the deployment's mode. */
@Injectable()
export class Infer {
  constructor(
    private readonly table: ServingTable,
    private readonly log: PredictionLog,
    private readonly compare: CompareVersions,
    private readonly holds: HoldDecisions,
    private readonly guards: ServingGuards,
    private readonly clock: Clock,
    private readonly metrics: InferenceMetrics,
    private readonly explainer: ExplainRequest,
  ) {}

  async execute(command: InferCommand): Promise<InferResult> {
    return this.answer(command);
  }

  /**
   * The same, at once where nothing has to be waited for: a promise costs a turn of the microtask queue for each request.
   * Throws or rejects.
   */
  answer(command: InferCommand): InferResult | Promise<InferResult> {
    const predictionId = command.predictionId ?? newId();
    const route = this.table.route(command.name, command, (sticky) =>
      stickyKey(command, sticky, predictionId),
    );
    // Before anything is logged: a request that is refused leaves no prediction behind.
    checkOutputs(command.outputs);
    const columns = readColumns(route.served.descriptor, command.tensors, command.subject);
    const { served, deployment } = route;
    const { guards } = deployment;
    if (command.explain && guards.round !== undefined) throw explanationWithheld();
    const guarded = this.guards.pass(command.allowances, guards, served, columns);
    const request: Request = { command, route, columns, predictionId, guarded, from: performance.now() };
    this.table.enter(served);
    let result: InferResult | Promise<InferResult> | null = null;
    try {
      result = this.score(request);
      return result instanceof Promise ? result.finally(() => this.table.leave(served)) : result;
    } finally {
      if (!(result instanceof Promise)) this.table.leave(served);
    }
  }

  private score(request: Request): InferResult | Promise<InferResult> {
    const { command, route, columns } = request;
    const { engine } = route.served;
    let probabilities: Float64Array | Promise<Float64Array>;
    try {
      probabilities =
        columns.plain && engine.scorePlain
          ? engine.scorePlain(columns.plain, columns.rows)
          : engine.score(columns.inputs, columns.rows, command.deadline);
    } catch (error) {
      throw this.failed(request, error);
    }
    if (!(probabilities instanceof Promise)) return this.decide(request, probabilities);
    return probabilities.then(
      (late) => this.decide(request, late),
      (error: unknown) => {
        throw this.failed(request, error);
      },
    );
  }

  private failed({ route }: Request, error: unknown): unknown {
    if (this.compare.failed(route, error)) this.metrics.part(route.served, route.role).engineFailed();
    return error;
  }

  private decide(request: Request, probabilities: Float64Array): InferResult | Promise<InferResult> {
    const { route, columns, predictionId: id, guarded, from } = request;
    const { project, descriptor } = route.served;
    const scored = { from, to: performance.now() };
    const scores = scoresOf(probabilities, columns.rows, descriptor.classes.length);
    const labels = labelsOf(scores, descriptor);
    const held = this.holds.rowsOf(project, descriptor, scores, labels);
    const answered: Answered = { id, columns, probabilities, scores, labels, held, scored, guarded };
    const { explain } = request.command;
    return explain ? this.explain(request, answered, explain) : this.settle(request, answered);
  }

  /** Before the log: a request that cannot be explained leaves no prediction behind. */
  private async explain(request: Request, answered: Answered, options: ExplainOptions): Promise<InferResult> {
    const { command, columns, route } = request;
    const { name, deadline } = command;
    const { descriptor } = route.served;
    const explained = await this.explainer.execute(name, descriptor, columns, options, deadline);
    const result = await this.settle(request, answered);
    return { ...result, explanation: explanation(route.served, answered, explained) };
  }

  /** Logs, holds and counts. */
  private settle(request: Request, answered: Answered): InferResult | Promise<InferResult> {
    const { held } = answered;
    const logged = this.record(request, answered);
    if (held.length === 0 && !(logged instanceof Promise)) return this.finish(request, answered, logged);
    return this.finishLater(request, answered, logged);
  }

  private async finishLater(
    request: Request,
    answered: Answered,
    logging: LogResult | Promise<LogResult>,
  ): Promise<InferResult> {
    const logged = await logging;
    if (answered.held.length > 0) await this.hold(request, answered);
    return this.finish(request, answered, logged);
  }

  private finish({ command, route, columns }: Request, answered: Answered, result: LogResult): InferResult {
    const { id: predictionId, probabilities, scores, labels, held, scored, guarded } = answered;
    const { served, role, deployment } = route;
    const { rows } = columns;
    const ms = scored.to - scored.from;
    this.metrics.part(served, role).answered(ms / 1e3, scores, labels);
    this.compare.answered(command, route, { rows, scores, labels, ms });
    const told = guarded?.decimals == null ? probabilities : rounded(probabilities, guarded.decimals);
    const shown = withheld(held, told, labels);
    const log = { mode: deployment.log.mode, result };
    return {
      served,
      predictionId,
      rows,
      probabilities: shown.probabilities,
      labels: shown.labels,
      held,
      scored,
      log,
      guarded,
    };
  }

  private hold({ command, route }: Request, answered: Answered): Promise<void> {
    const { id: predictionId, columns, scores, labels, held } = answered;
    const { project, descriptor } = route.served;
    const { caller, correlation } = command;
    const { subjects } = columns;
    const request = { predictionId, project, descriptor, caller, correlation, subjects };
    return this.holds.queue({ ...request, scores, labels, held });
  }

  private record({ command, route }: Request, answered: Answered): LogResult | Promise<LogResult> {
    const { served, role, deployment } = route;
    const { project, descriptor } = served;
    const { caller } = command;
    return this.log.record(deployment.log, {
      correlation: command.correlation,
      model: command.name,
      id: answered.id,
      project,
      caller,
      timeMs: this.clock.now(),
      descriptor,
      columns: answered.columns,
      scores: answered.scores,
      labels: answered.labels,
      held: answered.held,
      guarded: answered.guarded,
      role,
      rollout: comparedKey(deployment, role, descriptor.version),
    });
  }
}

function explanation(
  { descriptor }: ServedModel,
  { id: predictionId, columns, scores, labels, held }: Answered,
  explained: ExplainedMargins,
): Explanation {
  const rows = { predictionId, firstRow: 0, labels, scores, held: new Set(held.map(({ row }) => row)) };
  const valueOf = valueIn(columns.inputs, descriptor.inputs);
  return explanationOf({ descriptor, ...rows, valueOf }, explained);
}

/** The subject, where requests stick to it and one is named; of several the first. Else the request itself. */
function stickyKey(
  { subject, tensors }: InferCommand,
  sticky: ServedDeployment['sticky'],
  predictionId: string,
): string {
  if (sticky === 'request') return predictionId;
  const named = subject ?? tensors.find(({ name }) => name === 'subject')?.texts?.[0];
  return named || predictionId;
}

/** Contributions add up to the exact score, which the plan does not give away. */
const explanationWithheld = (): AppError =>
  errors.conflict(
    'INFERENCE.EXPLANATION_WITHHELD',
    'This model answers rounded scores, and an explanation would tell the exact ones. Ask without one.',
  );
