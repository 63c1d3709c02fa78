import { Controller, Get, Module, Post } from '@nestjs/common';
import { PublicEndpoint } from '@steward/access';
import { z } from 'zod';
import { runService } from '../../src/index';

@Controller()
class FaultsController {
  @Post('reject')
  @PublicEndpoint('A test asks for it.')
  reject() {
    setImmediate(() => void Promise.reject(new Error('nobody handles this')));
    return {};
  }

  @Get('slow')
  @PublicEndpoint('A test asks for it.')
  async slow() {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { slow: true };
  }
}

@Module({ controllers: [FaultsController] })
class SampleModule {}

void runService({
  name: 'training',
  config: z.object({ STEWARD_TRAINING_WORKERS: z.coerce.number().default(1) }),
  module: () => SampleModule,
});
