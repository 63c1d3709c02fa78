import { errors } from '@steward/kernel';
import { z } from 'zod';

const BatchRecord = z.object({
  id: z.string(),
  project: z.string(),
  dataset: z.string(),
  contractVersion: z.number().int(),
  contractDigest: z.string(),
  /** SHA-256 of an upload's bytes; of the rows' digests where it is labelled. */
  digest: z.string(),
  contentDigest: z.string(),
  source: z.enum(['upload', 'labelled', 'rectified']),
  read: z.number().int(),
  accepted: z.number().int(),
  quarantined: z.number().int(),
  byRule: z.record(z.string(), z.number()),
});
/** Everything that is said of a batch, before and after it became a version. */
export type BatchRecord = z.output<typeof BatchRecord>;

const VersionRecord = z.object({
  /** Counts from 1; also the number of its batch. */
  version: z.number().int(),
  digest: z.string(),
  /** Rows of all batches up to this one, and how many of them came from joined outcomes. */
  rows: z.number().int(),
  labelledRows: z.number().int(),
});
export type VersionRecord = z.output<typeof VersionRecord>;

const CommitNote = z.object({
  batch: BatchRecord,
  version: VersionRecord,
  /** A rectification: the request, and the content digests of the batches whose rows it corrected. */
  rectification: z
    .object({
      requestId: z.string(),
      firstVersion: z.number().int(),
      contents: z.record(z.string(), z.string()),
    })
    .optional(),
  /** Who caused it, as far as an event or an audit entry says. */
  cause: z.object({
    actor: z.string(),
    actorKind: z.enum(['person', 'machine', 'service']),
    correlation: z.string(),
  }),
});
/** What a Delta commit carries, so that the row and the event can be made from it alone. */
export type CommitNote = z.output<typeof CommitNote>;

/** The `info` of a Delta commit. The first three are for people who look at the table's history. */
export function encodeNote(note: CommitNote): Record<string, string | number> {
  const { batch, version } = note;
  return {
    batch: version.version,
    source: batch.source,
    accepted: batch.accepted,
    note: JSON.stringify(note),
  };
}

/** Throws INGESTION.COMMIT_FOREIGN for a commit that ingestion did not make. */
export function decodeNote(info: Readonly<Record<string, string | number>>): CommitNote {
  try {
    return CommitNote.parse(JSON.parse(String(info['note'])));
  } catch (cause) {
    throw errors.internal(
      'INGESTION.COMMIT_FOREIGN',
      'A dataset table holds a commit that ingestion did not make.',
      {
        cause,
      },
    );
  }
}

/** Folder of a dataset's Delta table in the artifact store, and the appId of its transactions. */
export const deltaPathOf = (project: string, dataset: string): string => `datasets/${project}/${dataset}`;
export const appIdOf = (project: string, dataset: string): string => `${project}/${dataset}`;
