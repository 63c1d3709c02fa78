import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import type { ModelDescriptor } from '@steward/contracts';
import { isRetriable } from '@steward/kernel';
import { MAX_ISOLATION_BYTES } from '@steward/onnx';
import { parseReference, type ReferenceProfile } from '@steward/statistics';
import { EngineFactory } from '../engines/engine';
import { probeRows, warmUp } from './probe-rows';
import { domainsOf } from '../guards/input-domain';
import { RowIsolation } from '../guards/row-isolation';
import type { ServedModel } from './served-deployment';

const MAX_MODEL_BYTES = 256 * 1024 * 1024;
const MAX_REFERENCE_BYTES = 32 * 1024 * 1024;

/** Brings one version into memory: its bytes by digest, verified, an engine of them, warmed up. */
@Injectable()
export class LoadModelVersion {
  constructor(
    private readonly artifacts: ArtifactStore,
    private readonly engines: EngineFactory,
  ) {}

  /** Throws retriable AppErrors while the store is away, others where the version cannot be served. */
  async execute(project: string, descriptor: ModelDescriptor): Promise<ServedModel> {
    const onnx = await this.artifacts.read(descriptor.digest, { maxBytes: MAX_MODEL_BYTES });
    const engine = await this.engines.load(onnx, descriptor);
    try {
      const reference = await this.reference(descriptor);
      await warmUp(engine, descriptor, probeRows(descriptor, reference));
      const domains = reference && domainsOf(descriptor.inputs, reference);
      return { project, descriptor, engine, domains, isolation: await this.isolation(descriptor) };
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /** The probe is better with the reference, and does without where there is none to read; then no input is checked. */
  private async reference({ referenceDigest }: ModelDescriptor): Promise<ReferenceProfile | null> {
    try {
      const bytes = await this.artifacts.read(referenceDigest, { maxBytes: MAX_REFERENCE_BYTES });
      return parseReference(JSON.parse(bytes.toString('utf8')));
    } catch (error) {
      if (isRetriable(error)) throw error;
      return null;
    }
  }

  /** A version answers without it as well; then its rows are not judged as a whole, and its answers say so. */
  private async isolation({ isolationDigest, inputs }: ModelDescriptor): Promise<RowIsolation | null> {
    if (isolationDigest === undefined) return null;
    try {
      const file = await this.artifacts.read(isolationDigest, { maxBytes: MAX_ISOLATION_BYTES });
      return RowIsolation.from(file, inputs);
    } catch (error) {
      if (isRetriable(error)) throw error;
      return null;
    }
  }
}
