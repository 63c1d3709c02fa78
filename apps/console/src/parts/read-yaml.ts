import { LineCounter, parseDocument } from 'yaml';

/** What stands in a text in YAML, of which JSON is a part, or at which line it cannot be read. */
export function readYaml(text: string): { readonly value: unknown } | { readonly fault: string } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  return error
    ? { fault: `Line ${lines.linePos(error.pos[0]).line} cannot be read: ${error.message}` }
    : { value: document.toJS({ maxAliasCount: 20 }) as unknown };
}

/** True for what has named fields: no list, no text, no null. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
