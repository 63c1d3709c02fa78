import { errors } from '@steward/kernel';
import express, {
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { parseDocument } from 'yaml';

/** Limits of bodies that are read as a whole. */
export interface BodyLimits {
  /** Bytes of a JSON or YAML body. Default 1 MiB. */
  readonly bytes?: number;
  /** Levels of nesting. Default 32. */
  readonly depth?: number;
  /** Larger limits in bytes for routes whose path starts with the key, such as `/v2`. */
  readonly byPrefix?: Readonly<Record<string, number>>;
  /** Routes whose path starts with one of these read, bound and parse their bodies themselves, whatever the type. */
  readonly unread?: readonly string[];
}

const MEBIBYTE = 1024 * 1024;
const JSON_TYPES = ['application/json', 'application/*+json'];
const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml', 'application/*+yaml'];

/**
 * Middlewares that turn JSON and YAML bodies into `request.body`. Any other content type is left as a stream for the
 * handler to read (`@Req()`), which then bounds it itself: that is how CSV uploads and tensors come in.
 */
export function bodyParsers(limits: BodyLimits = {}): (RequestHandler | ErrorRequestHandler)[] {
  const { bytes = MEBIBYTE, depth = 32 } = limits;
  const prefixes = Object.entries(limits.byPrefix ?? {});
  const checkDepth = (_request: unknown, _response: unknown, body: Buffer): void =>
    requireShallow(body, depth);
  const parsersFor = (limit: number): RequestHandler[] => [
    express.json({ limit, type: JSON_TYPES, verify: checkDepth }),
    express.text({ limit, type: YAML_TYPES }),
  ];
  const usual = parsersFor(bytes);
  const larger = prefixes.map(([prefix, limit]) => ({ prefix, parsers: parsersFor(limit) }));
  const unread: RequestHandler = (_request, _response, next) => next();
  const choose = (request: Request, index: number): RequestHandler =>
    limits.unread?.some((prefix) => request.path.startsWith(prefix))
      ? unread
      : (larger.find(({ prefix }) => request.path.startsWith(prefix))?.parsers ?? usual)[index]!;
  return [
    (request: Request, response: Response, next: NextFunction) => choose(request, 0)(request, response, next),
    (request: Request, response: Response, next: NextFunction) => choose(request, 1)(request, response, next),
    (request: Request, _response: Response, next: NextFunction) => {
      if (request.is(YAML_TYPES) && typeof request.body === 'string')
        request.body = parseYaml(request.body, depth);
      next();
    },
    refuseBadJson(depth),
  ];
}

/** Says what is wrong with a JSON body without the excerpt of it that Node puts into its message. */
function refuseBadJson(depth: number): ErrorRequestHandler {
  return (error: unknown, _request, _response, next) => {
    const type = error instanceof Error ? (error as { type?: unknown }).type : undefined;
    if (type === 'entity.parse.failed')
      next(errors.invalid('HTTP.JSON_INVALID', 'The body is not valid JSON.'));
    // The only check that is given to the parser is the one of depth.
    else if (type === 'entity.verify.failed') next(tooDeep(depth));
    else next(error);
  };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);

/** Refuses JSON that nests deeper than `depth`, before it is parsed and in one pass over its bytes. */
export function requireShallow(body: Buffer, depth: number): void {
  let level = 0;
  let quoted = false;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i]!;
    if (quoted) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (OPENERS.has(byte)) {
      level += 1;
      if (level > depth) throw tooDeep(depth);
    } else if (CLOSERS.has(byte)) level -= 1;
  }
}

function tooDeep(depth: number): Error {
  return errors.invalid('HTTP.BODY_TOO_DEEP', `The body nests deeper than ${depth} levels.`);
}

/** YAML 1.2 with the core schema: no custom tags, few aliases, unique keys, bounded depth. */
function parseYaml(text: string, depth: number): unknown {
  const value = readYaml(text, depth);
  if (levelsOf(value) > depth) throw tooDeep(depth);
  return value;
}

function readYaml(text: string, depth: number): unknown {
  try {
    const document = parseDocument(text, { schema: 'core', uniqueKeys: true, prettyErrors: true });
    const [fault] = document.errors;
    if (fault?.code === 'RESOURCE_EXHAUSTION') throw new RangeError(fault.message);
    if (fault) throw fault;
    return document.toJS({ maxAliasCount: 20 }) as unknown;
  } catch (error) {
    // The parser recurses: nesting that exhausts its stack ends here, as do its own faults.
    if (error instanceof RangeError) throw tooDeep(depth);
    const why = error instanceof Error ? error.message : 'it cannot be read';
    throw errors.invalid('HTTP.YAML_INVALID', `The body is not valid YAML: ${why}`);
  }
}

function levelsOf(value: unknown): number {
  let levels = 0;
  let row = [value];
  while (row.length > 0 && levels <= 1000) {
    row = row.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    levels += 1;
  }
  return levels - 1;
}
