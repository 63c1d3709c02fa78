import { Controller, Delete, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, FromCaller, type Caller } from '@steward/access';
import { CallLimits } from '@steward/contracts';
import { ZodBody } from '@steward/service';
import { SetLimits } from './set-limits';

/** What inference lets callers ask for. It applies a change within a second, in all of its processes. */
@ApiTags('Limits')
@Controller('v1')
export class LimitsController {
  constructor(private readonly limits: SetLimits) {}

  @Put('api-keys/:id/limits')
  @Can('update', 'ApiKey', { project: null })
  @ApiOperation({ summary: 'How much an API key may ask inference for, over all models' })
  async limitKey(
    @FromCaller() caller: Caller,
    @Param('id') id: string,
    @ZodBody(CallLimits) body: CallLimits,
  ) {
    const key = await this.limits.ofKey(caller, id, body);
    return { keyId: key.id, limits: key.limits };
  }

  @Delete('api-keys/:id/limits')
  @HttpCode(204)
  @Can('update', 'ApiKey', { project: null })
  @ApiOperation({ summary: 'Takes the limits of an API key back; those of the installation hold' })
  async unlimitKey(@FromCaller() caller: Caller, @Param('id') id: string): Promise<void> {
    await this.limits.ofKey(caller, id, null);
  }

  @Put('projects/:name/limits')
  @Can('update', 'Project', { project: null })
  @ApiOperation({ summary: 'How much all callers of a project together may ask inference for' })
  async limitProject(
    @FromCaller() caller: Caller,
    @Param('name') name: string,
    @ZodBody(CallLimits) body: CallLimits,
  ) {
    const { project, limits } = await this.limits.ofProject(caller, name, body);
    return { project, limits };
  }

  @Delete('projects/:name/limits')
  @HttpCode(204)
  @Can('update', 'Project', { project: null })
  @ApiOperation({ summary: 'Takes the limits of a project back; those of the installation hold' })
  async unlimitProject(@FromCaller() caller: Caller, @Param('name') name: string): Promise<void> {
    await this.limits.ofProject(caller, name, null);
  }
}
