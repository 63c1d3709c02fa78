import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { errors } from '@steward/kernel';
import { servedName } from '../deployments/serving-table';
import { UnloadedModelRepository } from './unloaded-model.repository';

/** Less than a second: so soon every process knows what one of them took out of service. */
const EVERY_MS = 500;

/** Which models are out of service, in memory, so that no request asks the database. */
@Injectable()
export class UnloadedModels implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(UnloadedModels.name);
  private names: ReadonlySet<string> | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly models: UnloadedModelRepository) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.follow();
  }

  onApplicationShutdown(): void {
    if (this.timer) clearTimeout(this.timer);
  }

  /** Reads the table now. */
  async refresh(): Promise<void> {
    const models = await this.models.all();
    this.names = new Set(models.map(({ project, model }) => servedName(project, model)));
  }

  has(name: string): boolean {
    return this.names?.has(name) ?? false;
  }

  /** Throws `INFERENCE.MODEL_UNLOADED`, or that it is not known yet. */
  requireLoaded(name: string): void {
    if (!this.names) throw errors.unavailable('INFERENCE.NOT_READY', 'Models are being loaded.');
    if (this.names.has(name)) {
      throw errors.unavailable(
        'INFERENCE.MODEL_UNLOADED',
        'The model was taken out of service; it answers again once somebody loads it.',
      );
    }
  }

  private async follow(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      this.logger.warn(
        { err: error },
        'Which models are out of service could not be read; what is known stays.',
      );
    }
    this.timer = setTimeout(() => void this.follow(), EVERY_MS);
    this.timer.unref();
  }
}
