import '@steward/service/otel';
import { runService } from '@steward/service';
import { AppModule } from './app.module';
import { tuneGarbageCollection } from './garbage-collection';
import { InferenceConfig, InferenceSettings } from './inference.config';
import { LIMITS } from './limits';
import { ClusterMetrics } from './workers/cluster-metrics';
import { isWorker, WorkerSupervisor } from './workers/worker-supervisor';

tuneGarbageCollection();

const together = isWorker() ? new ClusterMetrics() : null;

void runService({
  name: 'inference',
  config: InferenceSettings,
  primary: (config, logger) =>
    config.STEWARD_INFERENCE_WORKERS > 1 && !isWorker()
      ? WorkerSupervisor.start(config.STEWARD_INFERENCE_WORKERS, config, logger)
      : null,
  listenWhenReady: isWorker,
  module: (config) => AppModule.forRoot(new InferenceConfig(config), config.dataDir),
  http: { ...LIMITS.http, ...(together ? { metrics: () => together.text() } : {}) },
  grpc: LIMITS.grpc,
});
