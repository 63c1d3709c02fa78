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
import { predictionEvents } from './prediction-events';
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

/** What the engine answered. */
interface Scored {
  readonly probabilities: Float64Array;
  readonly scored: InferResult['scored'];
}

/** A request with what the model would decide, and which of it a person decides. */
interface Answered {
  readonly id: string;
  readonly columns: RequestColumns;
  readonly scores: Float64Array;
  readonly labels: readonly string[];
  readonly held: readonly HeldRow[];
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
    const predictionId = newId();
    const route = this.table.route(command.name, command, (sticky) =>
      stickyKey(command, sticky, predictionId),
    );
    // Before anything is logged: a request that is refused leaves no prediction behind.
    checkOutputs(command.outputs);
    const columns = readColumns(route.served.descriptor, command.tensors, command.subject);
    const { guards } = route.deployment;
    if (command.explain && guards.round !== undefined) throw explanationWithheld();
    const guarded = this.guards.pass(command.allowances, guards, route.served, columns.inputs, columns.rows);
    this.table.enter(route.served);
    try {
      const { probabilities, scored } = await this.score(command, route, columns);
      const { descriptor } = route.served;
      const scores = scoresOf(probabilities, columns.rows, descriptor.classes.length);
      const labels = labelsOf(scores, descriptor);
      const held = this.holds.rowsOf(route.served.project, descriptor, scores, labels);
      const answered = { id: predictionId, columns, scores, labels, held, guarded };
      // Before the log: a request that cannot be explained leaves no prediction behind.
      const { explain, deadline } = command;
      const explained =
        explain && (await this.explainer.execute(command.name, descriptor, columns, explain, deadline));
      const log = await this.record(command, route, answered);
      if (held.length > 0) await this.hold(command, route, answered);
      this.metrics.predicted(
        { name: command.name, version: descriptor.version, role: route.role },
        scores,
        labels,
      );
      this.compare.answered(command, route, {
        rows: columns.rows,
        scores,
        labels,
        ms: scored.to - scored.from,
      });
      const told = guarded?.decimals == null ? probabilities : rounded(probabilities, guarded.decimals);
      const shown = withheld(held, told, labels);
      const answer = { served: route.served, predictionId, rows: columns.rows, ...shown, held, scored, log };
      const result = { ...answer, guarded };
      return explained ? { ...result, explanation: explanation(route.served, answered, explained) } : result;
    } finally {
      this.table.leave(route.served);
    }
  }

  private async score(command: InferCommand, route: Route, columns: RequestColumns): Promise<Scored> {
    const { served, role } = route;
    const part = { name: command.name, version: served.descriptor.version, role };
    const from = performance.now();
    try {
      const answered = served.engine.score(columns.inputs, columns.rows, command.deadline);
      const probabilities = answered instanceof Promise ? await answered : answered;
      const to = performance.now();
      this.metrics.scored(part, (to - from) / 1e3);
      return { probabilities, scored: { from, to } };
    } catch (error) {
      if (this.compare.failed(route, error)) this.metrics.engineFailed(part);
      throw error;
    }
  }

  private hold({ caller, correlation }: InferCommand, { served }: Route, answered: Answered): Promise<void> {
    const { id: predictionId, columns, scores, labels, held } = answered;
    const { project, descriptor } = served;
    const { subjects } = columns;
    const request = { predictionId, project, descriptor, caller, correlation, subjects };
    return this.holds.queue({ ...request, scores, labels, held });
  }

  private async record(
    { caller, correlation }: InferCommand,
    { served, role, deployment }: Route,
    answered: Answered,
  ): Promise<InferResult['log']> {
    const { project, descriptor } = served;
    const timeMs = this.clock.now();
    const rollout = comparedKey(deployment, role, descriptor.version);
    const result = await this.log.record(deployment.log, {
      predictionId: answered.id,
      project,
      model: descriptor.model,
      caller,
      correlation,
      events: () => predictionEvents({ ...answered, project, caller, timeMs, descriptor, role, rollout }),
    });
    return { mode: deployment.log.mode, result };
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
