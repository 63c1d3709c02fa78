import { Injectable } from '@nestjs/common';
import { HealthIndicator, type HealthReport } from '@steward/service';
import { KeepServing } from './keep-serving';

/** Not ready until everything that should be served has been tried once. */
@Injectable()
export class ModelsLoadedHealth extends HealthIndicator {
  readonly name = 'models';
  readonly scope = 'ready';

  constructor(private readonly serving: KeepServing) {
    super();
  }

  check(): HealthReport {
    return this.serving.ready ? { ok: true } : { ok: false, detail: 'Models are being loaded.' };
  }
}
