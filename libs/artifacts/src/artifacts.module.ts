import { Module, type DynamicModule } from '@nestjs/common';
import { ArtifactStore, ObjectStore } from './artifact-store';
import { LocalArtifactStore } from './local-artifact-store';

/** Provides {@link ArtifactStore} and {@link ObjectStore} to the whole app. */
@Module({})
export class ArtifactsModule {
  /** Artifacts in a local folder, by convention `<dataDir>/artifacts`. An adapter for S3 gets a method beside this one. */
  static local(folder: string): DynamicModule {
    const store = {
      provide: ArtifactStore,
      useFactory: async () => {
        const local = new LocalArtifactStore(folder);
        await local.prepare();
        return local;
      },
    };
    const objects = {
      provide: ObjectStore,
      inject: [ArtifactStore],
      useFactory: (artifacts: ArtifactStore) => artifacts.objects,
    };
    return {
      module: ArtifactsModule,
      global: true,
      providers: [store, objects],
      exports: [ArtifactStore, ObjectStore],
    };
  }
}
