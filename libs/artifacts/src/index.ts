export { ArtifactStore, DEFAULT_OBJECT_BYTES, DEFAULT_READ_BYTES, ObjectStore } from './artifact-store';
export { ArtifactsModule } from './artifacts.module';
export { LocalArtifactStore } from './local-artifact-store';
export type { LocalArtifactStoreOptions } from './local-artifact-store';
export { objectPath } from './object-path';
