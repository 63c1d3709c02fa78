import { allTopics } from '@steward/contracts';
import { errors } from '@steward/kernel';
import type { AnyTables } from '@steward/database';
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { headersJson, valueBytes, type OutgoingRecord } from '../log-record';
import { hashOf } from '../partition-of';
import { bytesArray, integerArray, textArray } from './binary-arrays';
import { pack } from './packed-records';

const REFUSALS: Readonly<Record<string, string>> = {
  ST001: 'EVENT.TOPIC_UNKNOWN',
  ST002: 'EVENT.TOPIC_FOREIGN',
  ST003: 'EVENT.INVALID',
};
/** So many events of telemetry in one batch are packed; fewer stand in the log as they are, for people who look into it. */
const FEWEST_PACKED = 16;
/** Larger values are columns of numbers, which no compression makes much smaller in the time that it takes. */
const LARGEST_PACKED_BYTES = 4_096;
/** What one packed row holds at most, before it is compressed: half of what the log takes. */
const PACKED_BYTES = 512 * 1024;

/** The records of one partition. */
type Place = readonly [OutgoingRecord, ...OutgoingRecord[]];

/**
 * Appends to the log's partitions through its functions, always in the same order of partitions, so that two writers
 * never wait for each other in a ring. The partitions' head rows are held until COMMIT: outside a transaction that is at
 * once, and whoever has one commits at once. Throws AppErrors `EVENT.TOPIC_UNKNOWN`, `EVENT.TOPIC_FOREIGN`, `EVENT.INVALID`.
 */
export async function appendRecords(
  db: Kysely<AnyTables>,
  records: readonly OutgoingRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const places = placesOf(records);
  const call = packable(records) ? appendPacked(places.flatMap(inRows)) : append(places);
  await call.execute(db).catch((error: unknown) => {
    const code = REFUSALS[(error as { code?: string }).code ?? ''];
    throw code ? errors.forbidden(code, (error as Error).message, { cause: error }) : error;
  });
}

/** By topic and partition, in this order. */
function placesOf(records: readonly OutgoingRecord[]): Place[] {
  const topics = new Map<string, [OutgoingRecord, ...OutgoingRecord[]][]>();
  for (const record of records) {
    const { topic, partition } = record;
    let partitions = topics.get(topic);
    if (!partitions) topics.set(topic, (partitions = []));
    const place = partitions[partition];
    if (place) place.push(record);
    else partitions[partition] = [record];
  }
  return [...topics]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, partitions]) => partitions.filter((place) => place !== undefined));
}

const telemetry = new Set(allTopics.filter(({ kind }) => kind === 'telemetry').map(({ name }) => name));

const packable = (records: readonly OutgoingRecord[]): boolean =>
  records.length >= FEWEST_PACKED &&
  records.every((record) => valueBytes(record) <= LARGEST_PACKED_BYTES && telemetry.has(record.topic));

/** A place's records, cut where one row would be too large. */
function inRows(place: Place): Place[] {
  const rows: [OutgoingRecord, ...OutgoingRecord[]][] = [];
  let bytes = Infinity;
  for (const record of place) {
    if (bytes > PACKED_BYTES) {
      rows.push([record]);
      bytes = 0;
    } else rows.at(-1)!.push(record);
    bytes += valueBytes(record) + 1_024;
  }
  return rows;
}

const counts = (places: readonly Place[]) => integerArray(places.map(({ length }) => length));
const topics = (places: readonly Place[]) => textArray(places.map(([{ topic }]) => topic));
const partitions = (places: readonly Place[]) => integerArray(places.map(([{ partition }]) => partition));

function append(places: readonly Place[]): RawBuilder<unknown> {
  const ordered = places.flat();
  return sql`SELECT event_log.append(
    ${topics(places)}::text[], ${partitions(places)}::integer[], ${counts(places)}::integer[],
    ${textArray(ordered.map(({ key }) => key))}::text[],
    ${textArray(ordered.map(headersJson))}::text[],
    ${bytesArray(ordered.map(({ value }) => value))}::bytea[])`;
}

function appendPacked(rows: readonly Place[]): RawBuilder<unknown> {
  return sql`SELECT event_log.append_packed(
    ${topics(rows)}::text[], ${partitions(rows)}::integer[], ${counts(rows)}::integer[],
    ${integerArray(rows.flatMap((row) => row.map((record) => record.packed?.keyHash ?? hashOf(record.key))))}::integer[],
    ${bytesArray(rows.map(pack))}::bytea[])`;
}
