import { Injectable } from '@nestjs/common';
import { Can, type Caller } from '@steward/access';
import {
  InferenceServiceService,
  type AdvanceRolloutRequest,
  type AdvanceRolloutResponse,
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
import { KeepServing } from './deployments/keep-serving';
import { PutPlan } from './deployments/put-plan';
import { Outcomes } from './outcomes/outcome';
import { RecordOutcomes } from './outcomes/record-outcomes';
import { ChangeRollout } from './rollouts/change-rollout';
import { ShowDeployment } from './rollouts/show-deployment';

/** Outcomes and deployments over gRPC: the same use cases as the HTTP routes. */
@Injectable()
export class InferenceRpc extends RpcService {
  readonly definition = InferenceServiceService;

  constructor(
    private readonly record: RecordOutcomes,
    private readonly deployments: DeploymentRepository,
    private readonly show: ShowDeployment,
    private readonly putPlan: PutPlan,
    private readonly rollouts: ChangeRollout,
    private readonly serving: KeepServing,
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

  @Can('read', 'Deployment')
  async listDeployments({ project }: ListDeploymentsRequest): Promise<ListDeploymentsResponse> {
    const deployments = await this.deployments.ofProject(project);
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

  private async change(caller: Caller, at: GetDeploymentRequest, way: 'advance' | 'rollback') {
    await this.rollouts.execute(caller, at.project, at.model, way);
    this.serving.refresh();
    return this.getDeployment(at);
  }
}

/** What is no JSON is no plan: the schema says what is wrong with it. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
