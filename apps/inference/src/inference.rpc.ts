import { Injectable } from '@nestjs/common';
import { Access, Can, type Caller } from '@steward/access';
import {
  InferenceServiceService,
  type AdvanceRolloutRequest,
  type AdvanceRolloutResponse,
  type ExplainPredictionRequest,
  type ExplainPredictionResponse,
  type ExplainRequest,
  type ExplainResponse,
  type GetDeploymentRequest,
  type GetDeploymentResponse,
  type ListDeploymentsRequest,
  type ListDeploymentsResponse,
  type PutDeploymentRequest,
  type PutDeploymentResponse,
  type RecordOutcomesRequest,
  type RecordOutcomesResponse,
  type RollBackRolloutRequest,
  type RollBackRolloutResponse,
} from '@steward/contracts/generated/steward/inference/v1/inference';
import { parseInput, RpcService, type RpcCall } from '@steward/service';
import { deploymentAnswer } from './deployments/deployment-answer';
import { DeploymentPlan } from './deployments/deployment-plan';
import { DeploymentRepository } from './deployments/deployment.repository';
import { servedName } from './deployments/served-deployment';
import { KeepServing } from './deployments/keep-serving';
import { PutPlan } from './deployments/put-plan';
import { CounterfactualOptions } from './explain/explain-options';
import { ExplainPrediction } from './explain/explain-prediction';
import { explanationMessage, tensorsOfColumns } from './explain/explanation-messages';
import { AnswerInference } from './infer/answer-inference';
import { EXPLAIN_PARTS, requireFewFields } from './infer/bounded-message';
import { InferenceConfig } from './inference.config';
import { Outcomes } from './outcomes/outcome';
import { RecordOutcomes } from './outcomes/record-outcomes';
import { ChangeRollout } from './rollouts/change-rollout';
import { ShowDeployment } from './rollouts/show-deployment';

/** Outcomes and deployments over gRPC: the same use cases as the HTTP routes. */
@Injectable()
export class InferenceRpc extends RpcService {
  readonly definition = {
    ...InferenceServiceService,
    explain: requireFewFields(InferenceServiceService.explain, EXPLAIN_PARTS),
  };

  constructor(
    private readonly record: RecordOutcomes,
    private readonly deployments: DeploymentRepository,
    private readonly show: ShowDeployment,
    private readonly putPlan: PutPlan,
    private readonly rollouts: ChangeRollout,
    private readonly serving: KeepServing,
    private readonly inference: AnswerInference,
    private readonly predictions: ExplainPrediction,
    private readonly config: InferenceConfig,
    private readonly access: Access,
  ) {
    super();
  }

  @Can('record', 'Outcome')
  recordOutcomes(
    { project, outcomes: given }: RecordOutcomesRequest,
    { caller }: RpcCall,
  ): Promise<RecordOutcomesResponse> {
    const { outcomes } = parseInput(Outcomes, { outcomes: given }, 'body');
    const { principal, correlation } = caller;
    return this.record.execute({ project, outcomes, caller: principal.id, correlation });
  }

  @Can('read', 'Deployment', { refined: true })
  async listDeployments(
    { project }: ListDeploymentsRequest,
    { caller }: RpcCall,
  ): Promise<ListDeploymentsResponse> {
    const deployments = (await this.deployments.ofProject(project)).filter(({ descriptor: { model } }) =>
      this.access.can(caller.principal, 'read', 'Deployment', { project, model }),
    );
    return {
      deployments: deployments.map((deployment) => ({
        ...deploymentAnswer(deployment),
        failure: deployment.failure ?? '',
      })),
    };
  }

  @Can('read', 'Deployment')
  async getDeployment({ project, model }: GetDeploymentRequest): Promise<GetDeploymentResponse> {
    return { deploymentJson: JSON.stringify(await this.show.execute(project, model)) };
  }

  @Can('update', 'Deployment')
  async putDeployment(
    { project, model, planJson }: PutDeploymentRequest,
    { caller }: RpcCall,
  ): Promise<PutDeploymentResponse> {
    const plan = parseInput(DeploymentPlan, parsed(planJson), 'body');
    await this.putPlan.execute(caller, project, model, plan);
    return this.getDeployment({ project, model });
  }

  @Can('update', 'Deployment')
  advanceRollout(request: AdvanceRolloutRequest, { caller }: RpcCall): Promise<AdvanceRolloutResponse> {
    return this.change(caller, request, 'advance');
  }

  @Can('update', 'Deployment')
  rollBackRollout(request: RollBackRolloutRequest, { caller }: RpcCall): Promise<RollBackRolloutResponse> {
    return this.change(caller, request, 'rollback');
  }

  @Can('predict', 'Deployment')
  async explain(request: ExplainRequest, { caller, deadline }: RpcCall): Promise<ExplainResponse> {
    const { project, model, version, subject } = request;
    const { explanation, predictionId } = await this.inference.execute(caller, 'grpc', {
      name: servedName(project, model),
      version,
      subject: () => subject || undefined,
      outputs: [],
      tensors: () => tensorsOfColumns(request, this.config.maxRows),
      deadline,
      explain: () => ({ counterfactuals: counterfactualsOf(request) }),
    });
    return { predictionId, explanation: explanation && explanationMessage(explanation) };
  }

  @Can('read', 'Prediction', { refined: true })
  async explainPrediction(
    { project, prediction }: ExplainPredictionRequest,
    { caller }: RpcCall,
  ): Promise<ExplainPredictionResponse> {
    return { explanation: explanationMessage(await this.predictions.execute(caller, project, prediction)) };
  }

  private async change(caller: Caller, at: GetDeploymentRequest, way: 'advance' | 'rollback') {
    await this.rollouts.execute(caller, at.project, at.model, way);
    this.serving.refresh();
    return this.getDeployment(at);
  }
}

function counterfactualsOf({ counterfactuals }: ExplainRequest): CounterfactualOptions | undefined {
  if (!counterfactuals) return undefined;
  const { rows, immutable, direction, maxChanges, count } = counterfactuals;
  const options = {
    ...(rows.length > 0 ? { rows } : {}),
    immutable,
    direction,
    max_changes: maxChanges,
    count,
  };
  return parseInput(CounterfactualOptions, options, 'body');
}

/** What is no JSON is no plan: the schema says what is wrong with it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
