import { Controller, Get, Injectable, Module, Post } from '@nestjs/common';
import { context, propagation } from '@opentelemetry/api';
import { PublicEndpoint } from '@steward/access';
import { z } from 'zod';
import { HttpShortcut, runService, type Reply, type ShortcutCall } from '../../src/index';

@Controller()
class FaultsController {
  @Post('reject')
  @PublicEndpoint('A test asks for it.')
  reject() {
    setImmediate(() => void Promise.reject(new Error('nobody handles this')));
    return {};
  }

  @Post('quick')
  @PublicEndpoint('A test asks for it.')
  quick() {
    return {};
  }

  @Get('slow')
  @PublicEndpoint('A test asks for it.')
  async slow() {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { slow: true };
  }
}

@Injectable()
class QuickShortcut extends HttpShortcut {
  readonly problems = { type: 'application/problem+json', body: (problem: object) => problem };

  take({ url }: { url?: string }) {
    return url === '/quick' ? { route: '/quick', parameters: {} } : null;
  }

  /** Answers with the trace that an event would carry on. */
  answer(_call: ShortcutCall, reply: Reply) {
    const carrier = {};
    propagation.inject(context.active(), carrier);
    reply.send({ headers: [], body: JSON.stringify(carrier) });
  }
}

@Module({ controllers: [FaultsController], providers: [QuickShortcut] })
class SampleModule {}

void runService({
  name: 'training',
  config: z.object({ STEWARD_TRAINING_WORKERS: z.coerce.number().default(1) }),
  module: () => SampleModule,
});
