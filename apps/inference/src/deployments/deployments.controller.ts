import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can } from '@steward/access';
import { DeploymentRepository } from './deployment.repository';
import { servedName } from './serving-table';

@ApiTags('Deployments')
@Controller('v1/projects/:project/deployments')
export class DeploymentsController {
  constructor(private readonly deployments: DeploymentRepository) {}

  @Get()
  @Can('read', 'Deployment')
  @ApiOperation({ summary: 'What is served, and what was refused and why' })
  async list(@Param('project') project: string) {
    const items = (await this.deployments.ofProject(project)).map((deployment) => ({
      name: servedName(project, deployment.descriptor.model),
      model: deployment.descriptor.model,
      version: deployment.descriptor.version,
      digest: deployment.descriptor.digest,
      alias: deployment.alias,
      state: deployment.state,
      failure: deployment.failure,
      changedAt: deployment.changedAt,
    }));
    return { items, next: null };
  }
}
