import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { PublicEndpoint } from '@steward/access';
import type { Response } from 'express';
import { register } from 'prom-client';

/** Injection token of what /metrics answers. */
export const METRICS_TEXT = Symbol('METRICS_TEXT');

/** Prometheus scrapes here. */
@ApiExcludeController()
@SkipThrottle()
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS_TEXT) private readonly text: () => Promise<string>) {}

  @Get()
  @PublicEndpoint('Figures of the process, no data of persons; reachable inside the cluster only.')
  @Header('cache-control', 'no-store')
  async metrics(@Res() response: Response): Promise<void> {
    response.type(register.contentType).send(await this.text());
  }
}
