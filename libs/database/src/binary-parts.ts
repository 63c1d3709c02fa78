import type { ClientBase } from 'pg';

/**
 * A binary parameter in pieces, in the order in which they are written. On connections of {@link writeInPieces} they go
 * to the socket as they are; pg itself would copy them into one buffer, and that again as the message grows. They must not
 * change until the statement is answered.
 */
export class BinaryParts {
  readonly byteLength: number;

  constructor(readonly pieces: readonly Buffer[]) {
    this.byteLength = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** What pg asks an object for where the connection does not know of pieces. */
  toPostgres(): Buffer {
    return Buffer.concat(this.pieces);
  }
}

/** What pg hands its connection for a Bind message. */
interface BindConfig {
  readonly portal?: string;
  readonly statement?: string;
  readonly binary?: boolean;
  readonly values?: readonly unknown[];
  readonly valueMapper?: (value: unknown, index: number) => string | Buffer | null | undefined;
}

/** What is used of pg's connection, which is no public interface. */
interface PgConnection {
  bind(config: BindConfig): void;
  readonly stream: { readonly writable: boolean; write(piece: Buffer): boolean };
}

/**
 * Has a client write parameters that are {@link BinaryParts} piece by piece. Where pg has changed too much for that they
 * are copied together, and everything works all the same.
 */
export function writeInPieces(client: ClientBase): void {
  const { connection } = client as ClientBase & { readonly connection?: Partial<PgConnection> };
  if (typeof connection?.bind !== 'function' || typeof connection.stream?.write !== 'function') return;
  const known = connection as PgConnection;
  const bind = known.bind.bind(known);
  known.bind = (config) => {
    if (!config.values?.some((value) => value instanceof BinaryParts)) return bind(config);
    const message = bindMessage(config);
    if (!known.stream.writable) return;
    for (const piece of message) known.stream.write(piece);
  };
}

const TEXT = 0;
const BINARY = 1;

/**
 * A Bind message in pieces (PostgreSQL's protocol 3.0, "Message Formats"). Made whole before the first piece is written:
 * a value that cannot be mapped throws, and must not leave half a message behind.
 */
function bindMessage({
  portal = '',
  statement = '',
  binary = false,
  values = [],
  valueMapper,
}: BindConfig): Buffer[] {
  const parameters = values.map((value, index): BinaryParts | Buffer | string | null =>
    value instanceof BinaryParts
      ? value
      : (((valueMapper ? valueMapper(value, index) : value) as string | Buffer | null) ?? null),
  );
  const names = Buffer.from(`${portal}\0${statement}\0`);
  const formats = Buffer.alloc(4 + 2 * parameters.length);
  formats.writeInt16BE(parameters.length, 0);
  parameters.forEach((parameter, index) =>
    formats.writeInt16BE(parameter === null || typeof parameter === 'string' ? TEXT : BINARY, 2 + 2 * index),
  );
  formats.writeInt16BE(parameters.length, 2 + 2 * parameters.length);
  const pieces: Buffer[] = [names, formats];
  for (const parameter of parameters) {
    const bytes = typeof parameter === 'string' ? Buffer.from(parameter) : parameter;
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes === null ? -1 : bytes.byteLength, 0);
    pieces.push(length);
    if (bytes instanceof BinaryParts) pieces.push(...bytes.pieces);
    else if (bytes !== null) pieces.push(bytes);
  }
  const results = Buffer.alloc(4);
  results.writeInt16BE(1, 0);
  results.writeInt16BE(binary ? BINARY : TEXT, 2);
  pieces.push(results);
  const head = Buffer.alloc(5);
  head.write('B', 0, 'latin1');
  head.writeInt32BE(
    pieces.reduce((sum, { byteLength }) => sum + byteLength, 4),
    1,
  );
  return [head, ...pieces];
}
