import { BlockWriter } from './block-writer';
import { HpackError } from './hpack-error';
import { STATIC_TABLE } from './static-table';

/** Of a name in the static table: its first index, and the index of each value it has there. */
interface StaticName {
  readonly index: number;
  readonly values: Map<string, number>;
}

const STATIC_NAMES = new Map<string, StaticName>();
for (const [at, [name, value]] of STATIC_TABLE.entries()) {
  const known = STATIC_NAMES.get(name) ?? { index: at + 1, values: new Map<string, number>() };
  known.values.set(value, at + 1);
  STATIC_NAMES.set(name, known);
}

/** A token (RFC 9110, section 5.6.2), or a pseudo-header (RFC 9113, section 8.3). */
const NAME = /^:?[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Headers to be sent: undefined ones are left out, an array is one field for each of its values. */
export type HeadersToSend = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/**
 * A header block that decodes alike at any time and on any connection, so it may be kept: it neither uses nor changes the
 * dynamic table. Fields of the static table are indexed, all others literal without indexing and without Huffman code.
 * Names are written in lower case, pseudo-headers (`:status`) before all others, values as latin1.
 *
 * @throws HpackError for a name that is not a token, and a value with CR, LF, NUL or a character above U+00FF
 */
export function encodeHeaders(headers: HeadersToSend): Buffer {
  const writer = new BlockWriter();
  const names = Object.keys(headers);
  for (const name of names) if (name.startsWith(':')) writeHeader(writer, name, headers[name]);
  for (const name of names) if (!name.startsWith(':')) writeHeader(writer, name, headers[name]);
  return writer.finish();
}

function writeHeader(writer: BlockWriter, name: string, value: HeadersToSend[string]): void {
  if (value === undefined) return;
  if (!NAME.test(name)) throw new HpackError(`${JSON.stringify(name)} is not a name of a header.`);
  const lower = name.toLowerCase();
  if (typeof value === 'object') for (const each of value) writeField(writer, lower, each);
  else writeField(writer, lower, String(value));
}

function writeField(writer: BlockWriter, name: string, value: string): void {
  const known = STATIC_NAMES.get(name);
  const index = known?.values.get(value);
  if (index !== undefined) {
    writer.integer(0x80, 0x7f, index); // RFC 7541, section 6.1
    return;
  }
  writer.integer(0, 0x0f, known?.index ?? 0); // section 6.2.2
  if (known === undefined) writer.string(name);
  writer.string(value);
}
