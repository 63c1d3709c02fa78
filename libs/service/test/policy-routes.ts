import { Controller, Get, Module } from '@nestjs/common';
import { Can } from '@steward/access';

@Controller('v1/projects/:project')
class ThingController {
  @Get('thing')
  @Can('read', 'Run')
  thing() {
    return {};
  }
}

@Module({ controllers: [ThingController] })
export class PolicyRoutes {}
