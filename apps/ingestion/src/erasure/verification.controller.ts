import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can } from '@steward/access';
import { ZodParams } from '@steward/service';
import type { z } from 'zod';
import { VersionRoute } from '../route-names';
import { VerifyVersion } from './verify-version';

@ApiTags('datasets')
@Controller('v1/projects/:project/datasets/:dataset/versions/:version')
export class VerificationController {
  constructor(private readonly verify: VerifyVersion) {}

  @Get('verification')
  @Can('read', 'Dataset')
  @ApiOperation({ summary: 'Computes the digest again from the rows; says so where erasures took some out' })
  get(@ZodParams(VersionRoute) { project, dataset, version }: z.output<typeof VersionRoute>) {
    return this.verify.execute(project, dataset, version);
  }
}
