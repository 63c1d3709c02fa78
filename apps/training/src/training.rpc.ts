import { Injectable } from '@nestjs/common';
import { Access, Can } from '@steward/access';
import {
  TrainingServiceService,
  type CancelRunRequest,
  type CancelRunResponse,
  type GetModelVersionRequest,
  type GetModelVersionResponse,
  type GetRunRequest,
  type GetRunResponse,
  type ListModelsRequest,
  type ListModelsResponse,
  type ListRunsRequest,
  type ListRunsResponse,
  type PutPipelineRequest,
  type PutPipelineResponse,
  type SetAliasRequest,
  type StartRunRequest,
  type StartRunResponse,
} from '@steward/contracts/generated/steward/training/v1/training';
import { AppError, errors, isId } from '@steward/kernel';
import { requireShallow, RpcService, type RpcCall } from '@steward/service';
import { parse as parseYaml } from 'yaml';
import { PutPipeline } from './pipelines/put-pipeline';
import { ModelRepository } from './registry/model.repository';
import { RefuseAliasMove } from './registry/refuse-alias-move';
import { DecisionOnRun } from './runs/decision-on-run';
import { MoveRun } from './runs/move-run';
import { RunRepository } from './runs/run.repository';
import { StartRun } from './runs/start-run';
import { modelMessage, pipelineMessage, runMessage, versionMessage } from './training-messages';

const DEFAULT_LIMIT = 50;
const MOST = 200;
const MOST_CHARACTERS = 1024 * 1024;
const DEEPEST = 32;

/** The control plane over gRPC: the same use cases as the HTTP routes. */
@Injectable()
export class TrainingRpc extends RpcService {
  readonly definition = TrainingServiceService;

  constructor(
    private readonly pipelines: PutPipeline,
    private readonly startRuns: StartRun,
    private readonly decision: DecisionOnRun,
    private readonly moves: MoveRun,
    private readonly runs: RunRepository,
    private readonly models: ModelRepository,
    private readonly refuse: RefuseAliasMove,
    private readonly access: Access,
  ) {
    super();
  }

  @Can('update', 'Pipeline')
  async putPipeline(request: PutPipelineRequest, { caller }: RpcCall): Promise<PutPipelineResponse> {
    const definition = parseDefinition(request.definition);
    const pipeline = await this.pipelines.put(caller, request.project, request.pipeline, definition);
    return { pipeline: pipelineMessage(pipeline) };
  }

  @Can('run', 'Pipeline')
  async startRun(request: StartRunRequest, { caller }: RpcCall): Promise<StartRunResponse> {
    const version = request.datasetVersion === 0 ? null : request.datasetVersion;
    const run = await this.startRuns.start(caller, request.project, request.pipeline, version);
    return { run: runMessage(run) };
  }

  @Can('read', 'Run', { refined: true })
  async getRun(request: GetRunRequest, { caller }: RpcCall): Promise<GetRunResponse> {
    return { run: runMessage(await this.decision.require(caller, 'read', request.project, request.id)) };
  }

  @Can('read', 'Run', { refined: true })
  async listRuns(request: ListRunsRequest, { caller }: RpcCall): Promise<ListRunsResponse> {
    const limit = limitOf(request.limit);
    if (request.after !== '' && !isId(request.after)) {
      throw errors.invalid('TRAINING.PAGE', '`after` is the id of the last run of the page before.');
    }
    const page = { limit, after: request.after || null, pipeline: request.pipeline || null };
    const runs = await this.runs.list(request.project, page);
    return {
      runs: this.decision.readable(caller, runs).map(runMessage),
      next: runs.length === limit ? runs.at(-1)!.id : '',
    };
  }

  @Can('update', 'Run', { refined: true })
  async cancelRun(request: CancelRunRequest, { caller }: RpcCall): Promise<CancelRunResponse> {
    await this.decision.require(caller, 'update', request.project, request.id);
    return { run: runMessage(await this.moves.cancel(caller, request.project, request.id)) };
  }

  @Can('read', 'Model', { refined: true })
  async listModels(request: ListModelsRequest, { caller }: RpcCall): Promise<ListModelsResponse> {
    const limit = limitOf(request.limit);
    const { project } = request;
    const found = await this.models.list(project, { limit, after: request.after || null });
    const models = found.filter(({ model }) =>
      this.access.can(caller.principal, 'read', 'Model', { project, model }),
    );
    return { models: models.map(modelMessage), next: found.length === limit ? found.at(-1)!.model : '' };
  }

  @Can('read', 'Model')
  async getModelVersion(request: GetModelVersionRequest): Promise<GetModelVersionResponse> {
    // Versions count in 32 bits with a sign; what lies beyond cannot be one.
    const number = request.version > 2_147_483_647 ? 0 : request.version;
    return { version: versionMessage(await this.models.require(request.project, request.model, number)) };
  }

  @Can('update', 'ModelAlias')
  setAlias(request: SetAliasRequest, { caller }: RpcCall): Promise<never> {
    return this.refuse.refuse(caller, request.project, request.model, request.alias);
  }
}

function limitOf(limit: number): number {
  if (limit > MOST) throw errors.invalid('TRAINING.PAGE', `\`limit\` is at most ${MOST}.`);
  return limit === 0 ? DEFAULT_LIMIT : limit;
}

function parseDefinition(text: string): unknown {
  if (text.length > MOST_CHARACTERS) {
    throw errors.invalid('TRAINING.PIPELINE_INVALID', 'The pipeline definition is larger than 1 MiB.');
  }
  try {
    requireShallow(Buffer.from(text), DEEPEST);
    return parseYaml(text, { maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    if (AppError.is(cause)) throw cause;
    throw errors.invalid('TRAINING.PIPELINE_INVALID', 'The pipeline definition is neither YAML nor JSON.', {
      cause,
    });
  }
}
