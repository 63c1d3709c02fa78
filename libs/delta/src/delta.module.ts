import { ObjectStore } from '@steward/artifacts';
import { Module } from '@nestjs/common';
import { DeltaTables } from './delta-table';
import { ObjectStoreDeltaTables } from './object-store-delta-tables';

/** Provides {@link DeltaTables} over the app's ObjectStore (ArtifactsModule). */
@Module({
  providers: [
    {
      provide: DeltaTables,
      inject: [ObjectStore],
      useFactory: (objects: ObjectStore) => new ObjectStoreDeltaTables(objects),
    },
  ],
  exports: [DeltaTables],
})
export class DeltaModule {}
