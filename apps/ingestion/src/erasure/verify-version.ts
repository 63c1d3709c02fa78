import { Injectable } from '@nestjs/common';
import { ReadBatches } from '../batches/read-batches';
import { ErasedRowsRepository } from './erased-rows.repository';
import { ReadVersionContent } from './read-version-content';

/** What the rows of a version say of its digest. */
export interface VersionVerification {
  readonly dataset: string;
  readonly version: number;
  /** The version's name, over what it held when it was made. */
  readonly digest: string;
  /** Over what it holds now. */
  readonly found: string;
  /**
   * `reproduced`: the same. `erased`: erasures took rows out, and the rest is exactly what was left. `differs`: the table
   * was changed otherwise.
   */
  readonly state: 'reproduced' | 'erased' | 'differs';
  readonly rows: number;
  readonly erasures: readonly { readonly requestId: string; readonly rows: number; readonly at: string }[];
}

/** The reproducibility check of a dataset version: its digest computed again from its rows. */
@Injectable()
export class VerifyVersion {
  constructor(
    private readonly read: ReadBatches,
    private readonly content: ReadVersionContent,
    private readonly erased: ErasedRowsRepository,
  ) {}

  /** Throws INGESTION.VERSION_NOT_FOUND. */
  async execute(project: string, dataset: string, version: number): Promise<VersionVerification> {
    const stored = await this.read.version(project, dataset, version);
    const { digest: found, rows } = await this.content.of(stored);
    const erasures = await this.erased.erasuresOf(project, dataset, version);
    const state =
      found === stored.digest ? 'reproduced' : found === stored.currentDigest ? 'erased' : 'differs';
    return { dataset, version, digest: stored.digest, found, state, rows, erasures };
  }
}
