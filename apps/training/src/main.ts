import '@steward/service/otel';
import { join } from 'node:path';
import { runService } from '@steward/service';
import { AppModule } from './app.module';
import { TrainingSettings } from './training.config';

void runService({
  name: 'training',
  config: TrainingSettings,
  module: (config) =>
    AppModule.forRoot({
      databaseUrl: config.databaseUrl,
      artifactsFolder: join(config.dataDir, 'artifacts'),
      concurrency: config.STEWARD_TRAINING_CONCURRENCY,
    }),
});
