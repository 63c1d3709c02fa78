import { DuckDBInstance, type DuckDBResult } from '@duckdb/node-api';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { IngestionLimits } from '../ingestion-limits';
import { CleanCsvReader, type CsvRecord, type CsvSurvey, type OpenCsv } from './csv-reader';

/** How often is looked whether DuckDB has opened the pipe, milliseconds. */
const POLL_MS = 2;

/**
 * Reads clean files with DuckDB. The decrypted bytes go to it through a named pipe, so that they never lie on a disk;
 * where the system has no `mkfifo` the reader fails and the tolerant one is used.
 */
@Injectable()
export class DuckDbCsvReader extends CleanCsvReader implements OnModuleDestroy {
  /**
   * While DuckDB waits for bytes it holds one of the few threads on which Node reads files too. Were all of them held so,
   * none were left to bring the bytes: hence one file at a time.
   */
  free = true;
  private instance: Promise<DuckDBInstance> | null = null;

  constructor(private readonly limits: IngestionLimits) {
    super();
  }

  async *read(open: OpenCsv, survey: CsvSurvey): AsyncGenerator<readonly CsvRecord[]> {
    if (!this.free) throw new Error('DuckDB reads another file.');
    this.free = false;
    try {
      yield* this.readAlone(open, survey);
    } finally {
      this.free = true;
    }
  }

  private async *readAlone(open: OpenCsv, survey: CsvSurvey): AsyncGenerator<readonly CsvRecord[]> {
    const pipe = await makePipe();
    const connection = await (await this.database()).connect();
    let writer: Socket | undefined;
    try {
      const result = connection.stream(readStatement(pipe.path, survey, this.limits.longestRow));
      writer = await writerOf(pipe.path, result);
      const pumped = pipeline(Readable.from(open()), writer);
      // Awaited below; until then a failure must not count as unhandled.
      pumped.catch(() => undefined);
      yield* records(await result);
      // What did not come through whole (damaged ciphertext) must not pass for the end of the file.
      await pumped;
    } finally {
      writer?.destroy();
      connection.closeSync();
      await rm(pipe.folder, { recursive: true, force: true });
    }
  }

  async onModuleDestroy(): Promise<void> {
    (await this.instance)?.closeSync();
  }

  /** DuckDB may use one thread and 512 MiB, and may load nothing. */
  private database(): Promise<DuckDBInstance> {
    this.instance ??= DuckDBInstance.create(':memory:', {
      threads: '1',
      memory_limit: '512MB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    return this.instance;
  }
}

async function makePipe(): Promise<{ folder: string; path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'steward-csv-'));
  const path = join(folder, 'upload.csv');
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    return { folder, path };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The writing end, once the reader has opened its own: bytes that were written and closed before that would be lost, and
 * the reader would wait for ever. Without a reader the system refuses a writer that will not wait (ENXIO). As a socket
 * its writes wait in the event loop instead of holding a thread.
 */
async function writerOf(path: string, reader: Promise<unknown>): Promise<Socket> {
  let failure: unknown;
  reader.catch((error: unknown) => {
    failure = error ?? new Error('DuckDB cannot read the file.');
  });
  for (;;) {
    if (failure !== undefined) throw failure;
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENXIO') throw error;
    }
    await setTimeout(POLL_MS);
  }
}

/** Everything is said, so that nothing is guessed from a sample; values stay texts and are checked as all others are. */
function readStatement(path: string, survey: CsvSurvey, longestRow: number): string {
  const columns = survey.header.map((_, at) => `'c${at}': 'VARCHAR'`).join(', ');
  return `SELECT * FROM read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    columns = {${columns}}, strict_mode = true, null_padding = false, parallel = false,
    max_line_size = ${longestRow + 2}, buffer_size = ${4 * (longestRow + 2)})`;
}

async function* records(result: DuckDBResult): AsyncGenerator<readonly CsvRecord[]> {
  let row = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield chunk.getRows().map((fields): CsvRecord => {
      row += 1;
      // In a clean file each record is one line, below the header's.
      return { row, line: row + 1, fields: fields as (string | null)[] };
    });
  }
}
