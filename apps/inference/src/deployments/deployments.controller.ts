import { Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, Can, FromCaller, type Caller } from '@steward/access';
import { ZodBody } from '@steward/service';
import { ChangeRollout } from '../rollouts/change-rollout';
import { ShowDeployment } from '../rollouts/show-deployment';
import { deploymentAnswer } from './deployment-answer';
import { DeploymentPlan } from './deployment-plan';
import { DeploymentRepository } from './deployment.repository';
import { KeepServing } from './keep-serving';
import { PutPlan } from './put-plan';

@ApiTags('Deployments')
@Controller('v1/projects/:project/deployments')
export class DeploymentsController {
  constructor(
    private readonly deployments: DeploymentRepository,
    private readonly show: ShowDeployment,
    private readonly putPlan: PutPlan,
    private readonly rollouts: ChangeRollout,
    private readonly serving: KeepServing,
    private readonly access: Access,
  ) {}

  @Get()
  @Can('read', 'Deployment', { refined: true })
  @ApiOperation({ summary: 'What is served, and what was refused and why' })
  async list(@FromCaller() { principal }: Caller, @Param('project') project: string) {
    const items = (await this.deployments.ofProject(project))
      .filter(({ descriptor: { model } }) =>
        this.access.can(principal, 'read', 'Deployment', { project, model }),
      )
      .map(deploymentAnswer);
    return { items, next: null };
  }

  @Get(':model')
  @Can('read', 'Deployment')
  @ApiOperation({
    summary: 'How a model is served: plan, shares, the canary with its gates, the shadow’s differences',
  })
  get(@Param('project') project: string, @Param('model') model: string) {
    return this.show.execute(project, model);
  }

  @Get(':model/rollout-looks')
  @Can('read', 'Deployment')
  @ApiOperation({
    summary: 'How the gates of the newest canary stood over time, with their limits, oldest first',
  })
  async looks(@Param('project') project: string, @Param('model') model: string) {
    return { items: await this.show.looks(project, model), next: null };
  }

  @Put(':model')
  @Can('update', 'Deployment')
  @ApiOperation({ summary: 'Set how a model is served (JSON or YAML)' })
  async put(
    @FromCaller() caller: Caller,
    @Param('project') project: string,
    @Param('model') model: string,
    @ZodBody(DeploymentPlan) plan: DeploymentPlan,
  ) {
    await this.putPlan.execute(caller, project, model, plan);
    return this.show.execute(project, model);
  }

  @Post(':model/advance')
  @HttpCode(200)
  @Can('update', 'Deployment')
  @ApiOperation({ summary: 'Take the canary one step on, whatever its gates say' })
  advance(@FromCaller() caller: Caller, @Param('project') project: string, @Param('model') model: string) {
    return this.change(caller, project, model, 'advance');
  }

  @Post(':model/rollback')
  @HttpCode(200)
  @Can('update', 'Deployment')
  @ApiOperation({ summary: 'Take the canary back' })
  rollback(@FromCaller() caller: Caller, @Param('project') project: string, @Param('model') model: string) {
    return this.change(caller, project, model, 'rollback');
  }

  private async change(caller: Caller, project: string, model: string, way: 'advance' | 'rollback') {
    await this.rollouts.execute(caller, project, model, way);
    this.serving.refresh();
    return this.show.execute(project, model);
  }
}
