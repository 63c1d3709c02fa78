import { Injectable } from '@nestjs/common';
import { ArtifactStore } from '@steward/artifacts';
import { parseReference, type ReferenceProfile } from '@steward/statistics';

const MAX_BYTES = 32 * 1024 * 1024;
const KEPT = 50;

/** References of model versions by digest, from the artifact store; the last few stay in memory. */
@Injectable()
export class References {
  private readonly cache = new Map<string, ReferenceProfile>();

  constructor(private readonly artifacts: ArtifactStore) {}

  async load(digest: string): Promise<ReferenceProfile> {
    const known = this.cache.get(digest);
    if (known) return known;
    const bytes = await this.artifacts.read(digest, { maxBytes: MAX_BYTES });
    const reference = parseReference(JSON.parse(bytes.toString('utf8')));
    if (this.cache.size >= KEPT) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(digest, reference);
    return reference;
  }
}
