import '@steward/service/otel';
import { join } from 'node:path';
import { runService } from '@steward/service';
import { AppModule } from './app.module';
import { MonitoringConfig, MonitoringSettings } from './monitoring.config';

void runService({
  name: 'monitoring',
  config: MonitoringSettings,
  module: (config) => AppModule.forRoot(new MonitoringConfig(config), join(config.dataDir, 'artifacts')),
});
