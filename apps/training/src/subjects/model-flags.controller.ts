import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can } from '@steward/access';
import { ModelFlagRepository } from './model-flag.repository';

@ApiTags('Models')
@Controller('v1/projects/:project/models/:model/flags')
export class ModelFlagsController {
  constructor(private readonly flags: ModelFlagRepository) {}

  @Get()
  @Can('read', 'Model')
  @ApiOperation({ summary: 'Versions that learnt from data which has since been erased or corrected' })
  async list(@Param('project') project: string, @Param('model') model: string) {
    return { items: await this.flags.flagsOf(project, model), next: null };
  }
}
