import { Injectable } from '@nestjs/common';
import { Can } from '@steward/access';
import {
  InferenceServiceService,
  type ListDeploymentsRequest,
  type ListDeploymentsResponse,
  type RecordOutcomesRequest,
  type RecordOutcomesResponse,
} from '@steward/contracts/generated/steward/inference/v1/inference';
import { parseInput, RpcService, type RpcCall } from '@steward/service';
import { deploymentAnswer } from './deployments/deployment-answer';
import { DeploymentRepository } from './deployments/deployment.repository';
import { Outcomes } from './outcomes/outcome';
import { RecordOutcomes } from './outcomes/record-outcomes';

/** Outcomes and deployments over gRPC: the same use cases as the HTTP routes. */
@Injectable()
export class InferenceRpc extends RpcService {
  readonly definition = InferenceServiceService;

  constructor(
    private readonly record: RecordOutcomes,
    private readonly deployments: DeploymentRepository,
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
}
