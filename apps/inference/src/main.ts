import '@steward/service/otel';
import { join } from 'node:path';
import { runService } from '@steward/service';
import { AppModule } from './app.module';
import { InferenceConfig, InferenceSettings } from './inference.config';
import { LIMITS } from './limits';

void runService({
  name: 'inference',
  config: InferenceSettings,
  module: (config) => AppModule.forRoot(new InferenceConfig(config), join(config.dataDir, 'artifacts')),
  ...LIMITS,
});
