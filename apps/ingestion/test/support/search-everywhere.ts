import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { LocalArtifactStore } from '@steward/artifacts';
import { ObjectStoreDeltaTables } from '@steward/delta';
import type { Client } from 'pg';

/** Where a text was found. */
export interface Found {
  readonly place: string;
  readonly form: string;
}

/** The forms in which a text may stand: UTF-8, hexadecimal, and base64 at each of its three alignments. */
function formsOf(text: string): Map<string, Buffer> {
  const bytes = Buffer.from(text);
  const forms = new Map<string, Buffer>([
    ['plain', bytes],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
  ]);
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // Characters that hold a neighbour's bits too are left out at both ends.
    const sure = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    forms.set(`base64+${shift}`, Buffer.from(sure));
  }
  return forms;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Looks for texts in every file of the installation, in every row of every table of every schema (the event log with
 * all topics among them, which hold bytes as hexadecimal), in the rows of every version of every Delta table, whose files
 * are compressed, and in what the services logged.
 */
export async function searchEverywhere(
  texts: readonly string[],
  where: { folder: string; owner: Client; logs: string; tables: readonly string[] },
): Promise<{ found: Found[]; files: number; rows: number }> {
  const forms = texts.flatMap((text) => [...formsOf(text)].map(([form, bytes]) => ({ form, bytes })));
  const found: Found[] = [];
  const look = (place: string, content: Buffer): void => {
    for (const { form, bytes } of forms) if (content.includes(bytes)) found.push({ place, form });
  };
  const files = await filesBelow(where.folder);
  for (const file of files) look(relative(where.folder, file), await readFile(file));
  const rows = await searchTables(where.owner, look);
  const delta = new ObjectStoreDeltaTables(new LocalArtifactStore(join(where.folder, 'artifacts')).objects);
  for (const table of where.tables) {
    const newest = (await delta.snapshot(table))?.version ?? -1;
    for (let version = 0; version <= newest; version += 1)
      look(`${table}@${version}`, Buffer.from(JSON.stringify(await delta.read(table, { version }))));
  }
  look('logs', Buffer.from(where.logs));
  return { found, files: files.length, rows };
}

async function searchTables(owner: Client, look: (place: string, content: Buffer) => void): Promise<number> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  let count = 0;
  for (const { name } of tables) {
    const { rows } = await owner.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    count += rows.length;
    for (const { text } of rows) look(`table ${name}`, Buffer.from(text));
  }
  return count;
}
