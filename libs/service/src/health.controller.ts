import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { PublicEndpoint } from '@steward/access';
import type { Response } from 'express';
import { HealthService, type HealthIndicator } from './health';

const REASON =
  'Supervisors and load balancers ask without a credential; the answer names parts and their state only.';

/** Liveness and readiness: 200 or 503, with each part's state. */
@ApiTags('health')
@SkipThrottle()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('live')
  @PublicEndpoint(REASON)
  async live(@Res() response: Response): Promise<void> {
    await this.answer('live', response);
  }

  @Get('ready')
  @PublicEndpoint(REASON)
  async ready(@Res() response: Response): Promise<void> {
    await this.answer('ready', response);
  }

  private async answer(scope: HealthIndicator['scope'], response: Response): Promise<void> {
    const { ok, checks } = await this.health.check(scope);
    response
      .status(ok ? 200 : 503)
      .setHeader('cache-control', 'no-store')
      .json({ status: ok ? 'ok' : 'failed', checks });
  }
}
