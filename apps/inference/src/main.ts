import '@steward/service/otel';
import { join } from 'node:path';
import { runService } from '@steward/service';
import { AppModule } from './app.module';
import { InferenceConfig, InferenceSettings } from './inference.config';

void runService({
  name: 'inference',
  config: InferenceSettings,
  module: (config) => AppModule.forRoot(new InferenceConfig(config), join(config.dataDir, 'artifacts')),
  http: { bodies: { byPrefix: { '/v2': 16 * 1024 * 1024 } }, requestsPer10s: 1_000_000 },
});
