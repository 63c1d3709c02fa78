import { errors, type AppError } from '@steward/kernel';

/** Deepest nesting of a request: 8 dimensions of a tensor and what stands around them. */
const DEEPEST = 16;
/** Most arrays and objects of a request: each takes far more memory than its two characters. */
const MOST_CONTAINERS = 500_000;

/** Replaces what is no UTF-8, and leaves a byte order mark out. */
const utf8 = new TextDecoder();

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses the JSON of a request. `NaN`, `Infinity` and `-Infinity`, which Python writes and JSON does not know, are taken
 * as a missing number (null) and as the infinities. Nesting and the number of containers are bounded before parsing.
 */
export function parseJson(bytes: Uint8Array): unknown {
  requireModest(bytes);
  const text = utf8.decode(bytes);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return parseWithTokens(text);
  }
}

const TOKENS: Readonly<Record<string, string>> = { NaN: 'null', Infinity: '1e999', '-Infinity': '-1e999' };

function parseWithTokens(text: string): unknown {
  try {
    const known = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/g, (part) => TOKENS[part] ?? part);
    if (known !== text) return JSON.parse(known) as unknown;
  } catch {
    // What is no JSON with the tokens either is told below.
  }
  throw invalid(
    'JSON_INVALID',
    'The body is not JSON (or, with the binary extension, its first part is not).',
  );
}

function requireModest(bytes: Uint8Array): void {
  let depth = 0;
  let containers = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1;
      containers += 1;
      if (depth > DEEPEST) throw invalid('JSON_TOO_DEEP', `The JSON is nested more than ${DEEPEST} deep.`);
      if (containers > MOST_CONTAINERS) {
        throw errors.limit(
          'INFERENCE.JSON_TOO_LARGE',
          `The JSON holds more than ${MOST_CONTAINERS} arrays and objects; send fewer rows a request, or flat data.`,
        );
      }
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
}

/** The place of the quote that ends the string that begins at `from`. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

const invalid = (code: string, message: string): AppError => errors.invalid(`INFERENCE.${code}`, message);
