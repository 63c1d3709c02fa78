import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from './database';
import { PgDatabase, type PgDatabaseOptions } from './pg-database';

/** Closes the pool when the application has shut down. */
class DatabaseLifetime implements OnApplicationShutdown {
  constructor(private readonly database: PgDatabase) {}

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

/** Provides {@link Database} (and {@link PgDatabase}) to the whole application. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot(options: PgDatabaseOptions): DynamicModule {
    const database = new PgDatabase(options);
    return {
      module: DatabaseModule,
      providers: [
        { provide: PgDatabase, useValue: database },
        { provide: Database, useExisting: PgDatabase },
        { provide: DatabaseLifetime, useFactory: () => new DatabaseLifetime(database) },
      ],
      exports: [Database, PgDatabase],
    };
  }
}
