import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { IngestionLimits } from '../ingestion-limits';
import { CleanCsvReader, type CsvRecord, type CsvSurvey, type OpenCsv } from './csv-reader';

/**
 * Reads clean files with DuckDB. The decrypted bytes go to it through a named pipe, so that they never lie on a disk;
 * where the system has no `mkfifo` the reader fails and the tolerant one is used.
 */
@Injectable()
export class DuckDbCsvReader extends CleanCsvReader implements OnModuleDestroy {
  private instance: Promise<DuckDBInstance> | null = null;

  constructor(private readonly limits: IngestionLimits) {
    super();
  }

  async *read(open: OpenCsv, survey: CsvSurvey): AsyncGenerator<readonly CsvRecord[]> {
    const pipe = await makePipe();
    const connection = await (await this.database()).connect();
    const pumped = pipeline(Readable.from(open()), pipe.socket);
    // Awaited below; until then a failure must not count as unhandled.
    pumped.catch(() => undefined);
    try {
      yield* records(connection, readStatement(pipe.path, survey, this.limits.longestRow));
      // What did not come through whole (damaged ciphertext) must not pass for the end of the file.
      await pumped;
    } finally {
      pipe.socket.destroy();
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

/**
 * A pipe that both ends may open in any order. Opened for reading too, it does not block until the reader comes;
 * as a socket its writes wait in the event loop instead of holding a thread.
 */
async function makePipe(): Promise<{ folder: string; path: string; socket: Socket }> {
  const folder = await mkdtemp(join(tmpdir(), 'steward-csv-'));
  const path = join(folder, 'upload.csv');
  try {
    await promisify(execFile)('mkfifo', ['-m', '600', path]);
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    return { folder, path, socket: new Socket({ fd, readable: false, writable: true }) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Everything is said, so that nothing is guessed from a sample; values stay texts and are checked as all others are. */
function readStatement(path: string, survey: CsvSurvey, longestRow: number): string {
  const columns = survey.header.map((_, at) => `'c${at}': 'VARCHAR'`).join(', ');
  return `SELECT * FROM read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    columns = {${columns}}, strict_mode = true, null_padding = false, parallel = false,
    max_line_size = ${longestRow + 2}, buffer_size = ${4 * (longestRow + 2)})`;
}

async function* records(
  connection: DuckDBConnection,
  statement: string,
): AsyncGenerator<readonly CsvRecord[]> {
  const result = await connection.stream(statement);
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
