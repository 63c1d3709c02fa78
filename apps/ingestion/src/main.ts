import '@steward/service/otel';
import { runService } from '@steward/service';
import { join } from 'node:path';
import { AppModule } from './app.module';
import { IngestionConfig, IngestionSettings } from './ingestion.config';

void runService({
  name: 'ingestion',
  config: IngestionSettings,
  module: (config) =>
    AppModule.forRoot(new IngestionConfig(config), {
      artifacts: join(config.dataDir, 'artifacts'),
      keys: join(config.dataDir, 'keys', 'ingestion'),
    }),
});
