import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LoadDeployments } from './load-deployments';
import { ServingTable } from './serving-table';

const RETRY_MS = 500;

/** Runs the loader at the start, when an alias moved, and again after something was away. */
@Injectable()
export class KeepServing implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(KeepServing.name);
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly loader: LoadDeployments,
    private readonly table: ServingTable,
  ) {
    table.loading = true;
  }

  /** True once everything that should be served has been tried. */
  get ready(): boolean {
    return !this.table.loading;
  }

  onApplicationBootstrap(): void {
    this.refresh();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  refresh(): void {
    if (this.stopped) return;
    this.loader.execute().then(
      () => {
        this.table.loading = false;
      },
      (error: unknown) => {
        this.logger.warn({ err: error }, `Models could not be loaded; it is tried again in ${RETRY_MS} ms.`);
        if (this.timer) clearTimeout(this.timer);
        this.timer = setTimeout(() => this.refresh(), RETRY_MS);
      },
    );
  }
}
