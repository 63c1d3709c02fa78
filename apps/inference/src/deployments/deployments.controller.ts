import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can } from '@steward/access';
import { deploymentAnswer } from './deployment-answer';
import { DeploymentRepository } from './deployment.repository';

@ApiTags('Deployments')
@Controller('v1/projects/:project/deployments')
export class DeploymentsController {
  constructor(private readonly deployments: DeploymentRepository) {}

  @Get()
  @Can('read', 'Deployment')
  @ApiOperation({ summary: 'What is served, and what was refused and why' })
  async list(@Param('project') project: string) {
    const items = (await this.deployments.ofProject(project)).map(deploymentAnswer);
    return { items, next: null };
  }
}
