import { setTimeout as sleep } from 'node:timers/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppError } from '@steward/kernel';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { createApplication } from './application';
import { loadConfig } from './config';
import { environment } from './environment.config';
import { HealthService } from './health';
import { infrastructureOf } from './infrastructure';
import { makeLogger } from './logging';
import { ProcessLifetime } from './process-lifetime';
import { RunningService } from './running-service';
import { ServerTls } from './server-tls';
import type { CommonConfig, Primary, ServiceOptions } from './service';

const READY_EVERY_MS = 50;
const LONGEST_UNREADY_MS = 30_000;

/**
 * A service's whole main: settings, logger, application, HTTP and gRPC, the `ready` message to the supervisor, and the
 * orderly end. Call it as the last statement of main.ts, after `import '@steward/service/otel'` as the first:
 *
 *     void runService({ name: 'training', config: TrainingConfig, module: (config) => AppModule.forRoot(config) });
 *
 * Never rejects: a service that cannot start says why in its log and ends with status 1.
 */
export async function runService<Config extends z.ZodType>(options: ServiceOptions<Config>): Promise<void> {
  const early = makeLogger(options.name, 'info');
  const config = readConfig(options, early);
  const logger = makeLogger(options.name, config.logLevel);
  const lifetime = new ProcessLifetime(logger);
  try {
    const primary = options.primary?.(config, logger) ?? null;
    if (primary) return await runPrimary(options.name, primary, lifetime, logger);
    const app = await createApplication({
      service: options.name,
      logger,
      http: options.http ?? {},
      infrastructure: infrastructureOf(options.name, config),
      root: options.module(config),
      tls: config.tls ? ServerTls.open(config.tls, logger) : null,
    });
    if (options.listenWhenReady?.(config)) await untilReady(app);
    const running = await RunningService.start(options.name, app, config, options.grpc);
    lifetime.hold(running);
    const { httpPort, grpcPort } = running;
    logger.info(
      { httpPort, grpcPort, eventBus: config.eventBus, tls: config.tls !== null },
      `The service ${options.name} listens.`,
    );
    process.send?.({ type: 'ready', service: options.name, httpPort, grpcPort });
  } catch (error) {
    lifetime.fail(error, `The service ${options.name} cannot start.`);
  }
}

async function runPrimary(
  service: string,
  starting: Promise<Primary>,
  lifetime: ProcessLifetime,
  logger: Logger,
): Promise<void> {
  const primary = await starting;
  lifetime.hold(primary);
  const { httpPort, grpcPort } = primary;
  logger.info({ httpPort, grpcPort }, `The processes of the service ${service} listen.`);
  process.send?.({ type: 'ready', service, httpPort, grpcPort });
}

/** Starts what runs in the background (consumers, loaders, the policy copy) and waits until it is ready, or too long. */
async function untilReady(app: NestExpressApplication): Promise<void> {
  await app.init();
  const health = app.get(HealthService);
  const deadline = Date.now() + LONGEST_UNREADY_MS;
  while (Date.now() < deadline && !(await health.check('ready')).ok) await sleep(READY_EVERY_MS);
}

function readConfig<Config extends z.ZodType>(
  options: ServiceOptions<Config>,
  logger: Logger,
): z.output<Config> & CommonConfig {
  try {
    return loadConfig(options.name, options.config, environment());
  } catch (error) {
    if (AppError.is(error)) logger.fatal({ faults: error.details['faults'] }, error.message);
    else logger.fatal({ err: error }, 'The settings cannot be read.');
    process.exit(1);
  }
}
