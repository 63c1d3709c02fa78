export { ArtifactStore, ObjectStore } from './artifact-store';
