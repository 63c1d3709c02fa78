import { errors } from '@steward/kernel';
import type { AnyTables } from '@steward/database';
import { sql, type Kysely } from 'kysely';
import { partitionName, type OutgoingRecord } from '../log-record';
import { bytesArray, textArray } from './binary-arrays';

const REFUSALS: Readonly<Record<string, string>> = {
  ST001: 'EVENT.TOPIC_UNKNOWN',
  ST002: 'EVENT.TOPIC_FOREIGN',
  ST003: 'EVENT.INVALID',
};

/**
 * Appends to the log's partitions through its function, always in the same order of partitions, so that two writers
 * never wait for each other in a ring. The partitions' head rows are held until COMMIT: outside a transaction that is at
 * once, and whoever has one commits at once. Throws AppErrors `EVENT.TOPIC_UNKNOWN`, `EVENT.TOPIC_FOREIGN`, `EVENT.INVALID`.
 */
export async function appendRecords(
  db: Kysely<AnyTables>,
  records: readonly OutgoingRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const byPartition = new Map<string, OutgoingRecord[]>();
  for (const record of records) {
    const name = partitionName(record.topic, record.partition);
    const group = byPartition.get(name);
    if (group) group.push(record);
    else byPartition.set(name, [record]);
  }
  const places = [...byPartition].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  const ordered = places.flat();
  await sql`SELECT event_log.append(
    ${places.map(([first]) => first!.topic)}::text[],
    ${places.map(([first]) => first!.partition)}::integer[],
    ${places.map(({ length }) => length)}::integer[],
    ${textArray(ordered.map(({ key }) => key))}::text[],
    ${textArray(ordered.map((record) => record.headersJson?.() ?? JSON.stringify(record.headers)))}::text[],
    ${bytesArray(ordered.map(({ value }) => value))}::bytea[])`
    .execute(db)
    .catch((error: unknown) => {
      const code = REFUSALS[(error as { code?: string }).code ?? ''];
      throw code ? errors.forbidden(code, (error as Error).message, { cause: error }) : error;
    });
}
