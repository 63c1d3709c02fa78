import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { ModelRepository } from './model.repository';

/** Files that a model version consists of. */
export type ModelArtifact = 'onnx' | 'reference' | 'evaluation';

/** Reads one of a model version's files from the artifact store, verified against its digest. */
@Injectable()
export class ReadModelArtifact {
  constructor(
    private readonly models: ModelRepository,
    private readonly artifacts: ArtifactStore,
  ) {}

  async read(at: { project: string; model: string; version: number }, which: ModelArtifact): Promise<Buffer> {
    const { descriptor } = await this.models.require(at.project, at.model, at.version);
    const digests = {
      onnx: descriptor.digest,
      reference: descriptor.referenceDigest,
      evaluation: descriptor.evaluationDigest,
    };
    return await this.artifacts.read(digests[which]);
  }
}
